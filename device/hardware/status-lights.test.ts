import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { silentLogger } from '#device/kernel/logger.ts';
import { kernelInMemory, textInMemory } from '#device/testing/planted-kernel.ts';
import { SimulatedClock } from '#device/testing/simulated-clock.ts';
import { takeLights } from './lights.ts';
import { StatusLights } from './status-lights.ts';

const boot = { 'proc/sys/kernel/random/boot_id': 'boot-1\n' };
const light = (name: string, trigger: string) => ({
  [`sys/class/leds/${name}/trigger`]: `none timer [${trigger}] heartbeat\n`,
  [`sys/class/leds/${name}/brightness`]: '0\n',
  [`sys/class/leds/${name}/max_brightness`]: '255\n',
});

const well = {
  booting: false,
  claimed: true,
  networkUp: true,
  setupOpen: false,
  camerasWanted: 1,
  camerasOnline: 1,
  recording: true,
  storageAlarm: false,
  updating: false,
};

describe('the lights of a board', () => {
  const taking = (files: Record<string, string>) => {
    const kernel = kernelInMemory({ ...boot, ...files });
    const deps = { tree: kernel.tree, logger: silentLogger, memory: textInMemory() };
    return { files: kernel.files, take: () => takeLights(deps) };
  };

  test('older kernels call them led0 and led1', async () => {
    const { activity, power } = await taking({ ...light('led0', 'mmc0'), ...light('led1', 'default-on') }).take();
    expect([activity?.name, power?.name]).toEqual(['led0', 'led1']);
  });

  test('a light that is only there to be looked at is left alone', async () => {
    const { activity, power } = await taking({ ...light('ACT', 'mmc0'), 'sys/class/leds/PWR/trigger': '[default-on] none\n' }).take();
    expect(activity?.name).toBe('ACT');
    expect(power).toBeNull();
  });

  test('after a crash they still go back to what they showed before it', async () => {
    const { take, files } = taking(light('ACT', 'mmc0'));
    await take();
    expect(files.get('sys/class/leds/ACT/trigger')).toBe('none');
    const again = await take();
    await again.activity?.restore();
    expect(files.get('sys/class/leds/ACT/trigger')).toBe('mmc0');
  });

  test('what was remembered in another boot counts no more', async () => {
    const { take, files } = taking(light('ACT', 'mmc0'));
    await take();
    files.set('proc/sys/kernel/random/boot_id', 'boot-2\n');
    const again = await take();
    await again.activity?.restore();
    expect(files.get('sys/class/leds/ACT/trigger')).toBe('none');
  });
});

describe('the device tells with its lights how it is', () => {
  let files: Map<string, string>;
  let clock: SimulatedClock;
  let lights: StatusLights;
  let stop: AbortController;
  let running: Promise<void>;
  let isWanted: boolean;

  const begin = async (planted: Record<string, string>) => {
    const kernel = kernelInMemory({ ...boot, ...planted });
    files = kernel.files;
    lights = new StatusLights({
      tree: kernel.tree,
      logger: silentLogger,
      memory: textInMemory(),
      clock,
      isWanted: () => isWanted,
      state: () => well,
    });
    running = lights.run(stop.signal);
    await clock.advance(1);
  };
  const isLit = (name: string) => Number(files.get(`sys/class/leds/${name}/brightness`)) > 0;
  const triggerOf = (name: string) => files.get(`sys/class/leds/${name}/trigger`);

  beforeEach(() => {
    clock = new SimulatedClock();
    stop = new AbortController();
    isWanted = true;
  });
  afterEach(async () => {
    stop.abort();
    await running;
  });

  test('one flash and a pause while it records', async () => {
    await begin(light('ACT', 'mmc0'));
    expect(isLit('ACT')).toBe(true);
    await clock.advance(151);
    expect(isLit('ACT')).toBe(false);
    await clock.advance(1_600);
    expect(isLit('ACT')).toBe(true);
  });

  test('identify interrupts at once, blinks both lights in turn, and ends by itself', async () => {
    await begin({ ...light('ACT', 'mmc0'), ...light('PWR', 'default-on') });
    await clock.advance(200);
    lights.identify();
    await clock.advance(1);
    expect([isLit('ACT'), isLit('PWR')]).toEqual([true, false]);
    await clock.advance(70);
    expect([isLit('ACT'), isLit('PWR')]).toEqual([false, true]);
    await clock.advance(31_000);
    const litAtOnce = [];
    for (let moment = 0; moment < 10; moment += 1) {
      await clock.advance(70);
      litAtOnce.push(isLit('PWR'));
    }
    expect(litAtOnce).toEqual(Array(10).fill(true));
  });

  test('at the end they show what they showed before', async () => {
    await begin({ ...light('ACT', 'mmc0'), ...light('PWR', 'default-on') });
    stop.abort();
    await running;
    expect([triggerOf('ACT'), triggerOf('PWR')]).toEqual(['mmc0', 'default-on']);
  });

  test('they are left alone when that is wished, and still help to find it', async () => {
    isWanted = false;
    await begin(light('ACT', 'mmc0'));
    await clock.advance(1_000);
    expect(triggerOf('ACT')).toContain('[mmc0]');
    lights.identify();
    await clock.advance(1);
    expect(triggerOf('ACT')).toBe('none');
    await clock.advance(40_000);
    expect(triggerOf('ACT')).toBe('mmc0');
  });

  test('a machine without lights says so to whoever looks for it', async () => {
    await begin({});
    expect(() => lights.identify()).toThrow('This machine has no light that can be used.');
  });
});
