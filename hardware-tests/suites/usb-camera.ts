import { until } from '../bench/portal.ts';
import { firstFound, lookThrough } from './found-camera.ts';
import { freshOrKept, powerOnAndEnter } from './own-device.ts';
import { waitingClip } from './played-clip.ts';
import { must, mustBeSound, type Suite } from './suite.ts';

/** What an emulated processor can encode; a real camera gives the nearest that it has. */
const wanted = { width: 320, height: 180, framesPerSecond: 5 } as const;

export const usbCamera: Suite = {
  name: 'USB camera',
  proves: 'a camera on USB is found with its picture, recorded, missed with the cause when it is unplugged, and goes on as the same one',
  needs: ['usb-camera'],
  async run(bench, { report }) {
    const { portal } = await powerOnAndEnter(bench, { data: freshOrKept(bench), environment: waitingClip });
    const found = await firstFound(portal, { kind: 'usb', withinMs: 60_000 });
    const { seconds } = await lookThrough(portal, found);
    report('to a picture of the camera that was found', `${seconds.toFixed(1)} s`);
    must(found.source?.kind === 'usb', 'what was found cannot be added');
    const source = { ...found.source, ...wanted };
    const { id } = await portal.addCamera({ name: 'Bench', source, recording: { mode: 'continuous' } });
    const ours = async () => (await portal.recordings()).filter(({ cameraId }) => cameraId === id);
    const bytes = async () => (await ours()).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    const first = await until('it is recorded', async () => (await bytes()) > 0, { withinMs: 180_000 });
    report('from added to recorded', `${first.toFixed(1)} s`);
    await bench.plugCamera(false);
    const missed = await until(
      'it is missed',
      async () => (await portal.events('camera.offline')).some(({ cameraId }) => cameraId === id),
      {
        withinMs: 60_000,
      },
    );
    report('from unplugged to told', `${missed.toFixed(1)} s`);
    const why = (await portal.events('camera.offline')).find(({ cameraId }) => cameraId === id)?.message ?? '';
    report('what is told', why);
    must(why.includes('unplugged'), `the cause is not told: ${why}`);
    await until('its recording is closed', async () => (await ours()).every(({ state }) => state === 'closed'), { withinMs: 60_000 });
    const before = await bytes();
    await bench.plugCamera(true);
    const again = await until('it is recorded again', async () => (await bytes()) > before, { withinMs: 120_000 });
    report('from plugged in to recorded again', `${again.toFixed(1)} s`);
    const same = (await portal.foundCameras()).filter(({ cameraId }) => cameraId === id);
    must(same.length === 1, 'the camera that came back is not known as the one that was added');
    await mustBeSound(bench);
    await bench.cutPower();
  },
};
