import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RemovableVolume } from '#device/testing/removable-volume.ts';
import { SimulatedClock } from '#device/testing/simulated-clock.ts';
import { Ballast } from './ballast.ts';
import { silentLogger } from './logger.ts';

const isPossible = await RemovableVolume.isPossible();

describe.skipIf(!isPossible)('the ballast of a volume', () => {
  let place: string;
  let volume: RemovableVolume;
  let ballast: Ballast;
  const file = () => join(place, 'ballast');
  beforeEach(async () => {
    place = await mkdtemp(join(tmpdir(), 'ballast-'));
    volume = await RemovableVolume.plugIn(place, 10_485_760);
    ballast = new Ballast({ file: file(), clock: new SimulatedClock(), logger: silentLogger });
  });
  afterEach(async () => {
    await volume.remove();
    await rm(place, { recursive: true });
  });

  test('is taken in once while there is room for much more, and takes room', async () => {
    await ballast.take();
    const { mtimeMs, blocks } = await stat(file());
    expect(blocks * 512).toBe(1_048_576);
    await ballast.take();
    await ballast.drop();
    expect((await stat(file())).mtimeMs).toBe(mtimeMs);
  });

  test('is dropped when the volume is full, once', async () => {
    await ballast.take();
    await volume.fill();
    await ballast.drop();
    expect(await readdir(place)).toEqual(['filler']);
    await ballast.drop();
    await volume.fill();
    await ballast.take();
    expect(await readdir(place)).toEqual(['filler']);
    await volume.makeRoom();
    await ballast.take();
    expect(await readdir(place)).toEqual(['ballast']);
  });
});
