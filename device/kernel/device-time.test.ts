import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SimulatedClock } from '#device/testing/simulated-clock.ts';
import { type ClockStep, type DeviceTime, decideTrust, openDeviceTime, type TimeFacts } from './device-time.ts';
import { silentLogger } from './logger.ts';
import { systemTimeReaders, type TimeReaders } from './time-readers.ts';

const released = Date.UTC(2026, 0, 1);
const hour = 3_600_000;

function machine(facts: { rtc?: boolean; pi?: boolean; synced?: boolean; bootId?: string } = {}) {
  const state = { synced: false, ...facts };
  const readers: TimeReaders = {
    bootId: async () => state.bootId ?? 'boot-1',
    hasBatteryClock: async () => state.rtc ?? false,
    isBoardWithoutClock: async () => state.pi ?? false,
    syncWitnessed: async () => state.synced,
  };
  return { state, readers };
}

describe('trust in the wall clock', () => {
  const believable: TimeFacts = {
    wallMs: released + hour,
    releasedMs: released,
    newestKnownMs: released,
    hasBatteryClock: true,
    isBoardWithoutClock: false,
    syncWitnessed: false,
  };
  test.each<[string, Partial<TimeFacts>, 'set' | 'approximate']>([
    ['a machine with a battery clock', {}, 'set'],
    ['a virtual machine without one', { hasBatteryClock: false }, 'set'],
    ['a board without one', { hasBatteryClock: false, isBoardWithoutClock: true }, 'approximate'],
    ['a board to which one was added', { isBoardWithoutClock: true }, 'set'],
    ['a board that was synced', { hasBatteryClock: false, isBoardWithoutClock: true, syncWitnessed: true }, 'set'],
    ['a time before the release', { wallMs: released - 1 }, 'approximate'],
    ['a time before the release that something vouches for', { wallMs: released - 1, syncWitnessed: true }, 'approximate'],
    ['a time before the newest known', { newestKnownMs: released + 2 * hour }, 'approximate'],
    ['a sync that says the newest known was wrong', { newestKnownMs: released + 2 * hour, syncWitnessed: true }, 'set'],
  ])('%s', (_name, facts, expected) => {
    expect(decideTrust({ ...believable, ...facts })).toBe(expected);
  });
});

describe('device time', () => {
  let folder = '';
  let stop = new AbortController();
  const running: Promise<void>[] = [];
  const steps: ClockStep[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'time-'));
    stop = new AbortController();
    steps.length = 0;
  });
  afterEach(async () => {
    await stopAll();
    await rm(folder, { recursive: true, force: true });
  });

  async function start(clock: SimulatedClock, readers: TimeReaders): Promise<DeviceTime> {
    const file = join(folder, 'time.json');
    const time = await openDeviceTime({ clock, readers, file, releasedMs: released, logger: silentLogger });
    time.onStep((step) => steps.push(step));
    running.push(time.run(stop.signal));
    return time;
  }
  const rememberedMs = async () => JSON.parse(await readFile(join(folder, 'time.json'), 'utf8')).newestWallMs;
  const pass = (clock: SimulatedClock, seconds: number) => clock.advance(seconds * 1000);
  const stopAll = async () => {
    stop.abort();
    await Promise.all(running.splice(0));
    stop = new AbortController();
  };

  test('never begins in 1970: an unset clock counts from the release on', async () => {
    const clock = new SimulatedClock(0);
    const time = await start(clock, machine({ pi: true }).readers);
    await pass(clock, 2);
    expect(time.trust()).toBe('approximate');
    expect(time.wall()).toBe(released + 2000);
    expect(time.wallOf(500)).toBe(released + 500);
    expect(steps).toEqual([]);
  });

  test('an unset clock being set is a step, and earlier moments can be placed again', async () => {
    const clock = new SimulatedClock(0);
    const time = await start(clock, machine({ pi: true }).readers);
    await pass(clock, 1);
    const truth = released + 400 * 24 * hour;
    clock.stepWall(truth);
    await pass(clock, 1);
    expect(steps).toEqual([{ oldOffsetMs: released, newOffsetMs: truth, trust: 'set' }]);
    expect(time.wallOf(500)).toBe(truth + 500);
    expect(time.trust()).toBe('set');
  });

  test('a sync that finds the clock right changes trust alone, told as a step', async () => {
    const clock = new SimulatedClock(released + hour);
    const { state, readers } = machine({ pi: true });
    const time = await start(clock, readers);
    expect(time.trust()).toBe('approximate');
    state.synced = true;
    await pass(clock, 1);
    expect(steps).toEqual([{ oldOffsetMs: released + hour, newOffsetMs: released + hour, trust: 'set' }]);
  });

  test('steps both ways are followed once the clock was set; a second of drift is not a step', async () => {
    const clock = new SimulatedClock(released + 10 * hour);
    const time = await start(clock, machine({ rtc: true }).readers);
    await pass(clock, 1);
    clock.stepWall(900);
    await pass(clock, 1);
    expect(steps).toEqual([]);
    expect(time.wall()).toBe(clock.wall());
    clock.stepWall(-2 * hour);
    await pass(clock, 1);
    clock.stepWall(hour);
    await pass(clock, 1);
    expect(steps.map((step) => [Math.round(step.newOffsetMs - step.oldOffsetMs), step.trust])).toEqual([
      [-2 * hour, 'set'],
      [hour, 'set'],
    ]);
    expect(time.wall()).toBe(clock.wall());
  });

  test('a clock that falls to 1970 while running is not followed', async () => {
    const clock = new SimulatedClock(released + 10 * hour);
    const time = await start(clock, machine({ rtc: true }).readers);
    await pass(clock, 1);
    clock.stepWall(-(released + 10 * hour));
    await pass(clock, 1);
    expect(time.trust()).toBe('approximate');
    expect(time.wall()).toBeGreaterThanOrEqual(released);
    expect(steps).toHaveLength(1);
  });

  test('the next boot without a set clock goes on where the last one was seen', async () => {
    await writeFile(join(folder, 'time.json'), JSON.stringify({ newestWallMs: released + 50 * hour, bootId: 'boot-0', floorMs: 0 }));
    const clock = new SimulatedClock(0);
    const time = await start(clock, machine({ pi: true }).readers);
    await pass(clock, 1);
    expect(time.wall()).toBe(released + 50 * hour + 1000);
  });

  test('a restart of the process within a boot gives each moment the time it had', async () => {
    const clock = new SimulatedClock(0);
    const first = await start(clock, machine({ pi: true }).readers);
    await pass(clock, 3);
    const before = first.wallOf(1000);
    await stopAll();
    const second = await start(clock, machine({ pi: true }).readers);
    expect(second.wallOf(1000)).toBe(before);
  });

  test('remembers the time at once and then hourly', async () => {
    const clock = new SimulatedClock(released + hour);
    await start(clock, machine({ rtc: true }).readers);
    await pass(clock, 3599);
    await stopAll();
    expect(await rememberedMs()).toBe(released + hour);
    await start(clock, machine({ rtc: true }).readers);
    await pass(clock, 1);
    await stopAll();
    expect(await rememberedMs()).toBe(released + 2 * hour);
  });

  test('a torn memory and an unwritable folder are survived', async () => {
    await writeFile(join(folder, 'time.json'), '{"newestWa');
    await mkdir(join(folder, '.time.json.new'));
    const clock = new SimulatedClock(released + hour);
    const time = await start(clock, machine({ rtc: true }).readers);
    await pass(clock, 2);
    expect(time.trust()).toBe('set');
  });

  test('the readers find what the machine says', async () => {
    await mkdir(join(folder, 'proc/sys/kernel/random'), { recursive: true });
    await mkdir(join(folder, 'proc/device-tree'), { recursive: true });
    await mkdir(join(folder, 'run/systemd/timesync'), { recursive: true });
    await writeFile(join(folder, 'proc/sys/kernel/random/boot_id'), 'abc\n');
    const readers = systemTimeReaders(folder);
    expect([await readers.hasBatteryClock(), await readers.isBoardWithoutClock(), await readers.syncWitnessed()]).toEqual([
      false,
      false,
      false,
    ]);
    await writeFile(join(folder, 'proc/device-tree/model'), 'Raspberry Pi 4 Model B Rev 1.4\0');
    await mkdir(join(folder, 'sys/class/rtc/rtc0'), { recursive: true });
    await writeFile(join(folder, 'run/systemd/timesync/synchronized'), '');
    expect([await readers.hasBatteryClock(), await readers.isBoardWithoutClock(), await readers.syncWitnessed()]).toEqual([
      true,
      true,
      true,
    ]);
    expect(await readers.bootId()).toBe('abc');
  });
});
