import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../bench/portal.ts';
import { powerOnAndEnter } from './own-device.ts';
import { playedClip } from './played-clip.ts';
import { must, mustBeSound, type Suite } from './suite.ts';

export const cardFailed: Suite = {
  name: 'card gone read-only while recording',
  proves:
    'the file system meets an error and lets nobody write: the portal goes on and says so, and what was recorded is there after the next start',
  needs: ['failing-volume', 'fresh-volume', 'power-cut'],
  async run(bench, { report }) {
    const { portal } = await powerOnAndEnter(bench, { data: 'fresh', environment: playedClip });
    const longest = async () => Math.max(0, ...(await portal.recordings()).map(({ durationMs }) => durationMs));
    await until('it has recorded for a while', async () => (await longest()) > 15_000, { withinMs: 300_000 });
    const [before] = await portal.recordings();
    must(before !== undefined, 'nothing was recorded');
    await bench.failVolume();
    const written = await bench.run('touch', '/data/anything');
    must(written.status !== 0, 'the volume can still be written to');
    const bad = async () => (await portal.health()).checks.find(({ id, level }) => id === 'recordings.writing' && level !== 'ok');
    const told = await until('health tells', async () => (await bad()) !== undefined, { withinMs: 120_000 });
    report('from the error to health', `${told.toFixed(1)} s: ${(await bad())?.message}`);
    await pause(30_000);
    must(await portal.answers(), 'the portal is gone');
    const live = (await portal.cameras())[0];
    report('the camera meanwhile', live?.state ?? 'gone');
    must(live?.state === 'online', 'the camera is gone with the card');
    await bench.cutPower();
    const back = await powerOnAndEnter(bench, { data: 'kept', environment: playedClip });
    report('from power to portal on the file system that had the error', `${back.seconds.toFixed(1)} s`);
    const after = (await portal.recordings()).find(({ id }) => id === before.id);
    must(after !== undefined, 'what was recorded is gone');
    report('kept of what was recorded before', `${(after.durationMs / 1000).toFixed(1)} of ${(before.durationMs / 1000).toFixed(1)} s`);
    await until(
      'it records again',
      async () => (await portal.recordings()).some(({ id, durationMs }) => id !== before.id && durationMs > 0),
      { withinMs: 180_000 },
    );
    await mustBeSound(bench);
    await bench.cutPower();
  },
};
