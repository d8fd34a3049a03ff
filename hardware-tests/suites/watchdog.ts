import { until } from '../bench/portal.ts';
import { powerOnAndEnter } from './own-device.ts';
import { playedClip } from './played-clip.ts';
import { must, mustBeSound, type Suite } from './suite.ts';
import { findSupervisor } from './supervisor-process.ts';

export const watchdog: Suite = {
  name: 'watchdog',
  proves: 'a program that stands still makes the machine reboot by itself; it says so afterwards, and records again',
  needs: ['watchdog', 'fresh-volume'],
  async run(bench, { report }) {
    const { portal } = await powerOnAndEnter(bench, { data: 'fresh', environment: playedClip });
    const records = async () => (await portal.recordings()).some(({ state, durationMs }) => state === 'writing' && durationMs > 0);
    await until('it records', records, { withinMs: 300_000 });
    const watched = (await portal.health()).checks.find(({ id }) => id === 'heart.watchdog');
    must(watched?.message.includes('watches the program') === true, `the watchdog of the machine is not used: ${watched?.message}`);
    const starts = await bench.starts();
    const stopped = await bench.onMachine(`${findSupervisor}; kill -STOP "$pid"`);
    must(stopped.status === 0, `the program cannot be stopped: ${stopped.output}`);
    const sinceMs = performance.now();
    const bitten = await until('the machine starts anew', async () => (await bench.starts()) > starts, { withinMs: 180_000, sinceMs });
    report('from standing still to the next start of the machine', `${bitten.toFixed(1)} s`);
    const back = await until('the portal answers again', () => portal.answers(), { withinMs: 300_000, sinceMs });
    report('from standing still to the portal', `${back.toFixed(1)} s`);
    await until('it records again', records, { withinMs: 300_000 });
    const [told] = await portal.events('device.wedged');
    report('what is told', told?.message ?? 'nothing');
    must(told?.message?.includes('watchdog') === true, 'nobody is told why');
    await mustBeSound(bench);
    await bench.cutPower();
  },
};
