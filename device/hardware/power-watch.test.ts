import { describe, expect, test } from 'vitest';
import { kernelInMemory } from '#device/testing/planted-kernel.ts';
import { SimulatedClock } from '#device/testing/simulated-clock.ts';
import { PowerWatch } from './power-watch.ts';
import { bitsInSysfs, bitsInVcgencmd, findThrottleReader, throttleOf } from './throttle.ts';

describe('the marks of the firmware', () => {
  test('are read as the kernel and as the firmware’s program write them', () => {
    expect(bitsInSysfs('50005')).toBe(0x50005);
    expect(bitsInVcgencmd('throttled=0x50005\n')).toBe(0x50005);
    for (const text of ['', 'VCHI initialization failed', '0x50005', '123456789']) expect(bitsInSysfs(text)).toBeNull();
    expect(bitsInVcgencmd('error=2 error_msg="Invalid arguments"')).toBeNull();
  });

  test('mean weak power, slowness, and what was since the start', () => {
    expect(throttleOf(0)).toEqual({ weakNow: false, slowedNow: false, weakSinceBoot: false });
    expect(throttleOf(0x50005)).toEqual({ weakNow: true, slowedNow: true, weakSinceBoot: true });
    expect(throttleOf(0x80008)).toEqual({ weakNow: false, slowedNow: true, weakSinceBoot: false });
  });
});

const place = 'sys/devices/platform/soc/soc:firmware/get_throttled';
const alarm = 'sys/class/hwmon/hwmon1/in0_lcrit_alarm';

describe('the power supply', () => {
  const watching = async (files: Record<string, string>) => {
    const clock = new SimulatedClock();
    const kernel = kernelInMemory(files);
    const told: string[] = [];
    const watch = new PowerWatch({
      clock,
      journal: { begin: (key, { message }) => told.push(`${key}: ${message}`), end: (key) => told.push(`end ${key}`), record: () => {} },
      findReader: () => findThrottleReader(kernel.tree, clock),
    });
    const stop = new AbortController();
    const running = watch.run(stop.signal);
    await clock.advance(1);
    const see = async (at: string, text: string, forMs: number) => {
      kernel.files.set(at, text);
      await clock.advance(forMs);
    };
    const end = async () => {
      stop.abort();
      await running;
    };
    return { watch, told, see, end };
  };

  test('that is too weak is told once, however it flickers, and is over after a good minute', async () => {
    const { watch, told, see, end } = await watching({ [place]: '0\n' });
    expect(watch.checks()).toMatchObject([{ level: 'ok' }]);
    for (let flicker = 0; flicker < 10; flicker += 1) {
      await see(place, '50001\n', 5_000);
      await see(place, '50000\n', 20_000);
    }
    expect(told).toEqual([expect.stringContaining('power: Your power supply is too weak')]);
    expect(watch.checks()).toMatchObject([{ id: 'power.voltage', level: 'failed' }]);
    await see(place, '50000\n', 60_000);
    expect(told.slice(1)).toEqual(['end power']);
    expect(watch.checks()).toMatchObject([{ level: 'warning', message: expect.stringContaining('since the machine started') }]);
    await end();
  });

  test('that was weak between two looks is told by its lasting mark', async () => {
    const { told, see, end } = await watching({ [place]: '0' });
    await see(place, '10000', 5_000);
    expect(told).toHaveLength(1);
    await end();
    expect(told.at(-1)).toBe('end power');
  });

  test('is watched by its voltage alarm where that is all there is', async () => {
    const { watch, told, see, end } = await watching({ 'sys/class/hwmon/hwmon1/name': 'rpi_volt\n', [alarm]: '0\n' });
    await see(alarm, '1\n', 5_000);
    expect(told).toHaveLength(1);
    expect(watch.checks()).toMatchObject([{ level: 'failed' }]);
    await end();
  });
});
