import type { Bench } from '../bench/bench.ts';
import { type Portal, until } from '../bench/portal.ts';
import { firstFound, lookThrough } from './found-camera.ts';
import { powerOnAndEnter } from './own-device.ts';
import { waitingClip } from './played-clip.ts';
import { must, mustBeSound, type Suite } from './suite.ts';

/** What an emulated processor can encode; a real camera can more. */
const wanted = { width: 320, height: 240, framesPerSecond: 5 } as const;

export const piCamera: Suite = {
  name: 'Pi camera',
  proves: 'a camera on the board’s own connector is found by itself with a picture of it, recorded, and goes on after a cut of power',
  needs: ['pi-camera', 'power-cut'],
  async run(bench, { report }) {
    const portal = await start(bench, bench.lacks('fresh-volume') === null ? 'fresh' : 'kept');
    const found = await firstFound(portal, { kind: 'pi', withinMs: 120_000 });
    must(found.source?.kind === 'pi', 'what was found cannot be added');
    report('what is found', found.name);
    const { seconds, sizeBytes } = await lookThrough(portal, found);
    report('to a picture of it', `${seconds.toFixed(1)} s, ${(sizeBytes / 1000).toFixed(0)} kB`);
    const source = { ...found.source, ...wanted };
    const { id } = await portal.addCamera({ name: 'Board', source, recording: { mode: 'continuous' } });
    const bytesOf = async (one: Portal) =>
      (await one.recordings()).reduce((sum, { cameraId, sizeBytes }) => sum + (cameraId === id ? sizeBytes : 0), 0);
    const first = await until('it is recorded', async () => (await bytesOf(portal)) > 0, { withinMs: 180_000 });
    report('from added to recorded', `${first.toFixed(1)} s`);
    await bench.cutPower();
    const againMs = performance.now();
    const again = await start(bench, 'kept');
    const before = await bytesOf(again);
    const resumed = await until('it is recorded again', async () => (await bytesOf(again)) > before, {
      withinMs: 300_000,
      sinceMs: againMs,
    });
    report('from power to recorded again', `${resumed.toFixed(1)} s`);
    await mustBeSound(bench);
    await bench.cutPower();
  },
};

async function start(bench: Bench, data: 'fresh' | 'kept'): Promise<Portal> {
  return (await powerOnAndEnter(bench, { data, hasPiCamera: true, environment: waitingClip })).portal;
}
