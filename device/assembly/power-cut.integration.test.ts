import { mkdtemp, readdir, readFile, realpath, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { cameraSchema, recordingSchema } from '#device/contract/contract.ts';
import { AssembledDevice } from '#device/testing/assembled-device.ts';
import { inspectVideo, makeClip } from '#device/testing/clips.ts';
import { diskAfterPowerCut, type Fate, type PowerCut, unsureNames, writeDisk } from '#device/testing/disk-after-power-cut.ts';
import { type RebuiltDevice, startRebuilt } from '#device/testing/rebuilt-device.ts';
import { seededRandom } from '#device/testing/seeded-random.ts';
import { type Filmed, liveThrough, type TracedLife } from '#device/testing/traced-life.ts';

/** How many are rebuilt beside the least that can be left at every sync point, and how many different files are played. */
const samples = { everything: 40, some: 120, played: 20 };
const atOnce = 3;
/** What storage.md promises, and half a second for the camera's own way to the device. */
const lossBudgetMs = { strict: 2_500, continuous: 10_500 };
const random = seededRandom(11);
const camerasSchema = z.object({ cameras: z.array(cameraSchema) });
const recordingsSchema = z.object({ recordings: z.array(recordingSchema) });

interface Moment extends PowerCut {
  name: string;
  /** Until here nothing more is made sure of: what is left is the same, what is lost is most. */
  untilMs: number;
}

let folder: string;
let clips: string;
let life: TracedLife;
const played = new Map<string, string>();
const worstLossMs = { strict: 0, continuous: 0 };

beforeAll(async () => {
  // In memory where there is room: it is the order of the steps that is proved here, not the speed of a disk.
  const memory = await stat('/dev/shm').catch(() => null);
  folder = await realpath(await mkdtemp(join(memory ? '/dev/shm' : tmpdir(), 'power-cut-')));
  clips = await mkdtemp(join(tmpdir(), 'clips-'));
  await makeClip(join(clips, 'clip.mp4'), { seconds: 10, size: '160x90' });
  life = await liveThrough(folder, join(clips, 'clip.mp4'));
}, 180_000);

afterAll(async () => {
  for (const path of [folder, clips]) await rm(path, { recursive: true, force: true, maxRetries: 5 });
});

/** After every completed sync. */
function syncPoints(): { index: number; nextIndex: number; untilMs: number }[] {
  const { operations } = life;
  const indexes = operations.flatMap(({ kind }, index) => (kind === 'sync' ? [index] : []));
  return indexes.map((index, place) => {
    const nextIndex = indexes[place + 1] ?? operations.length;
    return { index, nextIndex, untilMs: (operations[nextIndex] ?? operations.at(-1))?.endedMs ?? 0 };
  });
}

function moments(): Moment[] {
  const points = syncPoints();
  const pick = (count: number) => points.toSorted(() => random.next() - 0.5).slice(0, count);
  const least = points.flatMap(({ index, untilMs }): Moment[] => {
    const common = { after: index + 1, untilMs, contentFate: (): Fate => 'lost', namesKept: 0 };
    const strict: Moment = { ...common, name: `sync ${index}: only what was synced`, fileSyncKeepsName: false };
    // Where the two kinds of file systems do not differ, one of them is enough.
    const hasUnsureName = unsureNames(life.operations, index + 1) > 0;
    return hasUnsureName ? [strict, { ...strict, name: `${strict.name}, names with files`, fileSyncKeepsName: true }] : [strict];
  });
  const everything = pick(samples.everything).map(({ index, nextIndex, untilMs }): Moment => {
    const name = `sync ${index}: everything that was written`;
    return { name, untilMs, after: nextIndex, contentFate: () => 'kept', namesKept: Number.POSITIVE_INFINITY, fileSyncKeepsName: true };
  });
  const some = pick(samples.some).map(({ index, nextIndex, untilMs }): Moment => {
    const after = index + 1 + Math.round(random.next() * (nextIndex - index - 1));
    const seed = Math.floor(random.next() * 1e9);
    const namesKept = Math.floor(random.next() * (unsureNames(life.operations, after) + 1));
    return {
      name: `sync ${index}: some of what was written (${seed})`,
      untilMs,
      after,
      namesKept,
      fileSyncKeepsName: true,
      contentFate: fatesOf(seed, after),
    };
  });
  return [...least, ...everything, ...some];
}

/** Of each unsynced write by chance; the last one is torn. */
function fatesOf(seed: number, after: number): Moment['contentFate'] {
  const chance = seededRandom(seed);
  const last = life.operations.findLast(({ kind }, index) => index < after && kind === 'write');
  const fates = new Map<object, 'lost' | 'kept'>();
  return (operation) => {
    if (operation === last) return 'torn';
    const fate = fates.get(operation) ?? (chance.next() < 0.5 ? 'kept' : 'lost');
    fates.set(operation, fate);
    return fate;
  };
}

/** Everything that is wrong with what starts from there. */
async function judge(moment: Moment, place: number | string, operations = life.operations): Promise<string[]> {
  const root = join(folder, `rebuilt-${place}`);
  try {
    await writeDisk(root, diskAfterPowerCut(operations, moment));
    const device = await startRebuilt(join(root, 'data'));
    for (const { path, digest } of device.files) {
      if (played.size < samples.played && !played.has(digest) && random.next() < 0.4) played.set(digest, await faultsOfPlaying(path));
    }
    const broken = life.promises
      .filter(({ sinceMs, holds }) => sinceMs < moment.untilMs && !holds(device))
      .map(({ what }) => `not so: ${what}`);
    return [...device.faults, ...broken, ...lossesIn(device, moment)];
  } catch (error) {
    return [`does not start: ${error instanceof Error ? `${error.message} ${error.cause ?? ''}` : error}`];
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

function lossesIn(device: RebuiltDevice, { untilMs }: Moment): string[] {
  return life.filmed.flatMap((filmed: Filmed) => {
    if (filmed.startMs >= untilMs || filmed.deletedMs <= untilMs) return [];
    const found = device.recordings.find((one) => one.id === filmed.id);
    const safeMs = found ? Date.parse(found.start) + found.durationMs : filmed.startMs;
    const lostMs = Math.min(untilMs, filmed.endMs) - safeMs;
    worstLossMs[filmed.budget] = Math.max(worstLossMs[filmed.budget], lostMs);
    return lostMs > lossBudgetMs[filmed.budget] ? [`${Math.round(lostMs)} ms of ${filmed.id} (${filmed.budget}) are lost`] : [];
  });
}

/** Early, in the middle and late, with some of what no sync made sure of. */
function momentsToLive(): Moment[] {
  const some = moments().filter(({ name }) => name.includes('some of'));
  return some.toSorted((one, other) => one.after - other.after).filter((_, place) => place % Math.ceil(some.length / 3) === 1);
}

async function faultsOfPlaying(path: string): Promise<string> {
  const { frames, complaints } = await inspectVideo(path);
  return frames > 0 ? complaints : 'no picture';
}

describe('the power goes at any sync of a device that records two cameras', () => {
  test('the trace tells everything: rebuilt from it, the disk is what the device left', { timeout: 30_000 }, async () => {
    const cut: PowerCut = {
      after: life.operations.length,
      contentFate: () => 'kept',
      namesKept: Number.POSITIVE_INFINITY,
      fileSyncKeepsName: true,
    };
    const rebuilt = diskAfterPowerCut(life.operations, cut);
    const data = join(folder, 'data');
    const entries = await readdir(data, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => relative(folder, join(entry.parentPath, entry.name)));
    expect([...rebuilt.keys()].sort()).toEqual(files.sort());
    for (const [path, bytes] of rebuilt) expect(Buffer.compare(await readFile(join(folder, path)), bytes), path).toBe(0);
  });

  test('each time it starts by itself, all is well, everything plays, and no more is lost than promised', {
    timeout: 300_000,
  }, async ({ annotate }) => {
    const all = moments();
    const faults: string[] = [];
    const queue = all.entries();
    const worker = async () => {
      for (const [place, moment] of queue) faults.push(...(await judge(moment, place)).map((fault) => `${moment.name}: ${fault}`));
    };
    const beganMs = performance.now();
    await Promise.all(Array.from({ length: atOnce }, worker));
    const seconds = Math.round((performance.now() - beganMs) / 1000);
    await annotate(JSON.stringify({ syncs: syncPoints().length, states: all.length, played: played.size, worstLossMs, seconds }));
    expect(faults).toEqual([]);
    expect([...played.values()].filter((fault) => fault !== '')).toEqual([]);
    expect(all.length).toBeGreaterThan(200);
    expect(played.size).toBeGreaterThanOrEqual(samples.played / 2);
  });

  for (const [kind, isLeftOut] of Object.entries({
    recordings: (path: string) => path.endsWith('.mp4'),
    folders: (path: string) => path.startsWith('data/recordings/') && !path.includes('.'),
    databases: (path: string) => path.endsWith('-wal'),
    settings: (path: string) => path.includes('settings.json'),
  })) {
    test(`a device that would leave out the syncs of its ${kind} is caught`, { timeout: 30_000 }, async () => {
      const sinceMs = Math.max(...life.promises.map((promised) => promised.sinceMs));
      const end = life.operations.findIndex(({ endedMs }) => endedMs > sinceMs);
      const operations = life.operations.slice(0, end).filter((one) => one.kind !== 'sync' || !isLeftOut(one.path));
      const common = { after: operations.length, untilMs: sinceMs + 1, namesKept: 0, fileSyncKeepsName: false };
      expect(await judge({ ...common, name: kind, contentFate: () => 'lost' }, kind, operations)).not.toEqual([]);
    });
  }

  test('the whole device goes on recording by itself', { timeout: 120_000 }, async () => {
    for (const [place, moment] of momentsToLive().entries()) {
      const directory = join(folder, `living-${place}`, 'data');
      await writeDisk(join(folder, `living-${place}`), diskAfterPowerCut(life.operations, moment));
      const device = await AssembledDevice.start({ directory, env: { KERBEROS_LOG_LEVEL: 'warn' } });
      try {
        await device.enter();
        const { cameras } = await device.json(camerasSchema, 'GET', '/api/cameras');
        await device.until('it records', async () => {
          const { recordings } = await device.json(recordingsSchema, 'GET', '/api/recordings');
          return !cameras.some(({ id }) => id === 'always') || recordings.some(({ state }) => state === 'writing');
        });
        expect(await device.end('SIGTERM'), moment.name).toBe(0);
      } finally {
        await device.end('SIGKILL');
      }
      expect((await startRebuilt(directory)).faults, moment.name).toEqual([]);
    }
  });
});
