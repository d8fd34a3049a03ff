import type { FoundCamera } from '#device/contract/contract.ts';
import type { Bench } from '../bench/bench.ts';
import { Portal, until } from '../bench/portal.ts';
import { waitingClip } from './played-clip.ts';
import { must, type Suite } from './suite.ts';

/** What an emulated processor can encode; a real camera can more. */
const wanted = { width: 320, height: 240, framesPerSecond: 5 } as const;
const jpegStart = [0xff, 0xd8];

export const piCamera: Suite = {
  name: 'Pi camera',
  proves: 'a camera on the board’s own connector is found by itself with a picture of it, recorded, and goes on after a cut of power',
  needs: ['pi-camera', 'power-cut'],
  async run(bench, { report }) {
    const portal = await start(bench, bench.lacks('fresh-volume') === null ? 'fresh' : 'kept');
    const found = await firstFound(portal);
    must(found.source?.kind === 'pi', 'what was found cannot be added');
    report('what is found', found.name);
    const sinceMs = performance.now();
    const picture = await portal.pictureOf(found.id);
    must(
      jpegStart.every((byte, index) => picture[index] === byte),
      'what it sees is no JPEG',
    );
    report('to a picture of it', `${((performance.now() - sinceMs) / 1000).toFixed(1)} s, ${(picture.length / 1000).toFixed(0)} kB`);
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
    const check = await bench.run('kerberos', 'check', '--data', '/data');
    must(check.status === 0, `check finds: ${check.output}`);
    await bench.cutPower();
  },
};

async function start(bench: Bench, data: 'fresh' | 'kept'): Promise<Portal> {
  await bench.powerOn({ data, hasPiCamera: true, environment: waitingClip });
  const portal = new Portal(bench);
  await until('the portal answers', async () => (await portal.state())?.status === 200, { withinMs: 300_000 });
  await portal.enter();
  return portal;
}

async function firstFound(portal: Portal): Promise<FoundCamera> {
  let found: FoundCamera | undefined;
  const look = async () => {
    found = (await portal.foundCameras()).find(({ kind, cameraId }) => kind === 'pi' && cameraId === null);
    return found !== undefined;
  };
  await until('a Pi camera is found', look, { withinMs: 120_000 });
  must(found !== undefined, 'no Pi camera');
  return found;
}
