import { beforeEach, describe, expect, test } from 'vitest';
import { silentLogger } from '#device/kernel/logger.ts';
import { textInMemory } from '#device/testing/planted-kernel.ts';
import { SimulatedClock } from '#device/testing/simulated-clock.ts';
import { Heart } from './heart.ts';
import { LastWords } from './last-words.ts';
import type { CameraWork } from './proof-of-work.ts';

const front: CameraWork = { id: 'front', name: 'Front', state: 'online', sinceBootMs: 0, shouldRecord: true, writtenBootMs: 0 };

describe('the heart of the device', () => {
  let clock: SimulatedClock;
  let proofs: number;
  let calls: string[];
  let told: string[];
  let writes: boolean;
  let storage: () => Promise<unknown>;
  let kept: ReturnType<typeof textInMemory>;

  const heartOf = async () => {
    const words = new LastWords(kept, () => clock.wall());
    const before = await words.take();
    const heart = new Heart({
      clock,
      logger: silentLogger,
      journal: { begin: () => {}, end: () => {}, record: ({ message }) => told.push(message) },
      words,
      watch: {
        device: 'fed',
        prove: () => {
          proofs += 1;
        },
        ending: () => calls.push('ending'),
        stop: async () => {
          calls.push('stop');
        },
      },
      cameras: () => [{ ...front, writtenBootMs: writes ? clock.boot() : 0 }],
      storageProblem: () => false,
      askStorage: () => storage(),
    });
    if (before !== null) heart.tell(before);
    return heart;
  };

  beforeEach(() => {
    clock = new SimulatedClock();
    proofs = 0;
    calls = [];
    told = [];
    writes = true;
    storage = async () => {};
    kept = textInMemory();
  });

  test('beats while work is proven, and stops in order', async () => {
    const heart = await heartOf();
    const stop = new AbortController();
    const running = heart.run(stop.signal);
    await clock.advance(600_000);
    expect(proofs).toBe(121);
    stop.abort();
    await running;
    await heart.close();
    expect(calls).toEqual(['stop']);
  });

  test('a camera that should record and does not ends the device within a bounded time, with the reason kept and told once', async () => {
    const heart = await heartOf();
    const running = heart.run(new AbortController().signal).catch((error: unknown) => String(error));
    await clock.advance(60_000);
    writes = false;
    await clock.advance(140_000);
    const beatsAtEnd = proofs;
    expect(await running).toContain('Front should record, but nothing of it reached the disk');
    await clock.advance(60_000);
    expect(proofs).toBe(beatsAtEnd);
    expect(calls).toEqual(['ending']);
    const next = await heartOf();
    expect(told).toEqual([expect.stringContaining('Front should record')]);
    expect(next.checks().map(({ id, level }) => [id, level])).toEqual([
      ['heart.watchdog', 'ok'],
      ['heart.wedged', 'warning'],
    ]);
    const later = await heartOf();
    expect(later.checks()).toHaveLength(1);
  });

  test('storage that hangs ends it; storage that fails has answered', async () => {
    storage = () => Promise.reject(new Error('I/O error'));
    const failing = await heartOf();
    const stop = new AbortController();
    const running = failing.run(stop.signal);
    await clock.advance(300_000);
    expect(proofs).toBe(61);
    stop.abort();
    await running;
    storage = () => new Promise(() => {});
    const hanging = (await heartOf()).run(new AbortController().signal).catch((error: unknown) => String(error));
    await clock.advance(130_000);
    expect(await hanging).toContain('The storage did not answer');
  });

  test('when the reason cannot be written it still ends', async () => {
    kept.write = () => new Promise(() => {});
    storage = () => new Promise(() => {});
    const running = (await heartOf()).run(new AbortController().signal).catch((error: unknown) => String(error));
    await clock.advance(140_000);
    expect(await running).toContain('The storage did not answer');
  });

  test('when ending itself did not help three times, the watchdog of the machine is left to bite', async () => {
    writes = false;
    for (let life = 1; life <= 3; life += 1) {
      const heart = await heartOf();
      const running = heart.run(new AbortController().signal).catch(() => {});
      await clock.advance(140_000);
      await running;
      await heart.close();
    }
    expect(calls).toEqual(['ending', 'stop', 'ending', 'stop', 'ending']);
  });
});
