import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ClockTrust, TimeLapseSettings } from '#device/contract/contract.ts';
import { type CameraConfig, defaultTimeLapseSettings } from '#device/contract/contract.ts';
import { Failure } from '#device/kernel/failure.ts';
import { silentLogger } from '#device/kernel/logger.ts';
import { cameraConfig } from '#device/testing/camera-config.ts';
import { drawnJpegs } from '#device/testing/drawn-jpeg.ts';
import { FaultyDisk } from '#device/testing/faulty-disk.ts';
import { SimulatedClock } from '#device/testing/simulated-clock.ts';
import { storageFull } from '../disk-failure.ts';
import { TimeLapse } from './time-lapse.ts';

const offline = new Failure('camera-offline', 'This camera has not delivered a picture yet.');
const day = '2026-01-05';

describe('a time-lapse', () => {
  let jpegs: Uint8Array[];
  let folder: string;
  let disk: FaultyDisk;
  let clock: SimulatedClock;
  let cameras: CameraConfig[];
  let trust: ClockTrust;
  let asked: number;
  /** What the camera gives next. */
  let give: () => { jpeg: Uint8Array; ageMs: number } | null;
  let makeRoom: (bytes: number, diskSaysFull: boolean) => Promise<void>;
  let volumeTrouble: Failure | null;
  let told: Failure | null;
  let lapse: TimeLapse;
  let stop: AbortController;
  let running: Promise<void>;

  beforeAll(async () => {
    jpegs = await drawnJpegs(4);
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'time-lapse-'));
    disk = new FaultyDisk();
    clock = new SimulatedClock();
    cameras = [camera({ intervalMs: 300_000 })];
    trust = 'set';
    asked = 0;
    give = () => ({ jpeg: jpegs[asked % jpegs.length] ?? new Uint8Array(), ageMs: 0 });
    makeRoom = async () => {};
    volumeTrouble = null;
    told = null;
    stop = new AbortController();
    running = Promise.resolve();
  });
  afterEach(async () => {
    stop.abort();
    await running;
    await rm(folder, { recursive: true, force: true });
  });

  function camera(timeLapse: Partial<TimeLapseSettings>, kind: 'demo' | 'pi' = 'demo'): CameraConfig {
    return cameraConfig('front', {
      name: 'Front',
      source: kind === 'demo' ? { kind } : { kind, width: 1920, height: 1080, framesPerSecond: 20 },
      timeLapse: { ...defaultTimeLapseSettings, enabled: true, ...timeLapse },
    });
  }

  function begin(): void {
    lapse = new TimeLapse({
      clock,
      logger: silentLogger,
      directory: folder,
      disk,
      recordings: {
        guard: {
          get problem() {
            return told;
          },
          mustBeThere: async () => {
            if (volumeTrouble) throw volumeTrouble;
          },
          fail: (failure) => {
            told = failure;
          },
        },
        space: {
          makeRoom: (bytes, diskSaysFull) => makeRoom(bytes, diskSaysFull),
          space: async () => ({ totalBytes: 40_000_000_000, freeBytes: 20_000_000_000, reserveBytes: 0 }),
        },
      },
      time: { bootId: 'boot', wallOf: (bootMs) => clock.wall() - clock.boot() + bootMs, trust: () => trust, onStep: () => () => {} },
      timeZone: () => 'UTC',
      cameras: () => cameras,
      storageSettings: () => ({ maxBytes: null, minFreeBytes: 0, maxAgeDays: null }),
      picture: async () => {
        asked += 1;
        return give();
      },
    });
    running = lapse.run(stop.signal);
  }

  /** Lets time pass, look by look; each has written what it had to before the next. */
  async function pass(durationMs: number): Promise<void> {
    const untilMs = clock.boot() + durationMs;
    while (clock.boot() < untilMs) {
      await settled();
      await clock.advance(Math.min(1_000, untilMs - clock.boot()));
    }
    await settled();
  }

  /** All that was to be written or deleted is; also when that must not be. */
  const settled = () => lapse.removeAllOf('nobody').catch(() => {});

  const times = async (of = day) => (await lapse.reel('front', of)).pictures.map((taken) => taken.slice(11, 19));

  test('takes a picture at once and then at the same times every day', async () => {
    clock.stepWall(100_000);
    begin();
    await pass(10 * 60_000);
    expect(await times()).toEqual(['08:01:40', '08:05:00', '08:10:00']);
    expect(await lapse.picture('front', day, Date.parse(`${day}T08:05:00Z`))).toEqual(jpegs[2]);
  });

  test('is a reel for each day', async () => {
    cameras = [camera({ intervalMs: 3_600_000 })];
    clock.stepWall(15.5 * 3_600_000);
    begin();
    await pass(31 * 60_000);
    expect((await lapse.reels('front')).map((reel) => reel.day)).toEqual(['2026-01-06', day]);
    await lapse.remove('front', day);
    await expect(lapse.reel('front', day)).rejects.toMatchObject({ kind: 'not-found' });
    expect(await times('2026-01-06')).toEqual(['00:00:00']);
  });

  test('rests outside of its hours', async () => {
    const monday = [{ fromMinute: 8 * 60 + 5, toMinute: 8 * 60 + 12 }];
    cameras = [camera({ intervalMs: 120_000, schedule: [monday, [], [], [], [], [], []] })];
    begin();
    await pass(20 * 60_000);
    expect(await times()).toEqual(['08:05:00', '08:06:00', '08:08:00', '08:10:00']);
  });

  test('takes a Pi camera from its video once a minute at most, and waits while something moves', async () => {
    cameras = [camera({ intervalMs: 5_000 }, 'pi')];
    begin();
    await pass(30_000);
    give = () => (clock.boot() < 75_000 ? null : { jpeg: jpegs[0] ?? new Uint8Array(), ageMs: 0 });
    await pass(100_000);
    expect(await times()).toEqual(['08:00:00', '08:01:15', '08:02:00']);
  });

  test('tells what is wrong, asks again after half a minute, and goes on', async () => {
    give = () => {
      throw offline;
    };
    begin();
    await pass(29_000);
    expect(asked).toBe(1);
    expect(lapse.troubles).toEqual([{ cameraId: 'front', failure: offline }]);
    give = () => ({ jpeg: jpegs[0] ?? new Uint8Array(), ageMs: 2_000 });
    await pass(3_000);
    expect(await times()).toEqual(['08:00:28']);
    expect(lapse.troubles).toEqual([]);
  });

  test('takes a program that is missing for no fault of the storage', async () => {
    give = () => {
      throw Object.assign(new Error('spawn ffmpeg ENOENT'), { code: 'ENOENT' });
    };
    begin();
    await pass(2_000);
    expect(told).toBeNull();
    expect(lapse.troubles.map(({ failure }) => failure.message)).toEqual(['The camera gave no picture.']);
  });

  test('only goes forward: when the clock goes back it waits until it is later than its last picture', async () => {
    begin();
    await pass(301_000);
    clock.stepWall(-600_000);
    await pass(650_000);
    expect(await times()).toEqual(['08:00:00', '08:05:00']);
    await pass(260_000);
    expect(await times()).toEqual(['08:00:00', '08:05:00', '08:10:00']);
  });

  test('makes room on a full disk, at last from its own oldest day', async () => {
    clock.stepWall(-24 * 3_600_000);
    begin();
    await pass(2_000);
    clock.stepWall(24 * 3_600_000);
    const roomFor: boolean[] = [];
    makeRoom = async (_bytes, diskSaysFull) => {
      roomFor.push(diskSaysFull);
      if ((await lapse.reels('front')).length > 0) throw storageFull();
    };
    await pass(2_000);
    expect((await lapse.reels('front')).map((reel) => reel.day)).toEqual([day]);
    expect(roomFor).toEqual([false, false]);
    makeRoom = async () => {};
    disk.fault = ({ name }) => (name === 'write' ? 'ENOSPC' : null);
    await pass(300_000);
    expect(lapse.troubles.map(({ failure }) => failure.kind)).toEqual(['storage-full']);
    expect(told).toBeNull();
    disk.fault = () => null;
    await pass(60_000);
    expect(await times()).toHaveLength(2);
  });

  test('writes nothing where its volume was, and tells the storage what the storage must know', async () => {
    volumeTrouble = new Failure('storage-failed', 'The disk with the recordings is not there: nothing is recorded.');
    begin();
    await pass(2_000);
    expect(disk.trace).toEqual([]);
    expect(told).toBe(volumeTrouble);
    volumeTrouble = null;
    told = null;
    disk.fault = ({ name }) => (name === 'create' ? 'EROFS' : null);
    await pass(60_000);
    expect(told).toMatchObject({ kind: 'storage-failed', message: expect.stringContaining('read-only') });
  });

  test('makes not even a folder where its volume was until a moment ago', async () => {
    const elsewhere = `${folder}-elsewhere`;
    makeRoom = async () => {
      makeRoom = async () => {};
      await rename(folder, elsewhere);
      volumeTrouble = new Failure('storage-failed', 'The disk with the recordings is not there: nothing is recorded.');
    };
    begin();
    await pass(2_000);
    expect(told).toBe(volumeTrouble);
    expect(await disk.list(folder)).toEqual([]);
    await rename(elsewhere, folder);
    volumeTrouble = null;
    told = null;
    await pass(30_000);
    expect(await times()).toEqual(['08:00:30']);
  });

  test('that lies on a worn place costs its day alone: nobody else stops recording', async () => {
    begin();
    await pass(2_000);
    disk.fault = ({ name, path }) => (name === 'write' && path.endsWith(`${day}.mp4`) ? 'EIO' : null);
    await pass(301_000);
    expect(told).toBeNull();
    expect(lapse.troubles.map(({ failure }) => failure.kind)).toEqual(['storage-failed']);
  });

  test('of a camera that was removed meanwhile is not begun again', async () => {
    begin();
    await pass(2_000);
    give = () => {
      cameras = [];
      return { jpeg: jpegs[0] ?? new Uint8Array(), ageMs: 0 };
    };
    await lapse.removeAllOf('front');
    await pass(301_000);
    expect(asked).toBe(2);
    expect(await lapse.reels('front')).toEqual([]);
  });

  test('deletes nothing while its volume is away, and says so', async () => {
    begin();
    await pass(2_000);
    volumeTrouble = new Failure('storage-failed', 'The disk with the recordings is not there: nothing is recorded.');
    const elsewhere = join(folder, 'elsewhere');
    await rename(join(folder, '.time-lapse'), elsewhere);
    await expect(lapse.remove('front', day)).rejects.toBe(volumeTrouble);
    await expect(lapse.removeAllOf('front')).rejects.toBe(volumeTrouble);
    await rename(elsewhere, join(folder, '.time-lapse'));
    volumeTrouble = null;
    await lapse.removeAllOf('front');
    expect(await lapse.reels('front')).toEqual([]);
  });
});
