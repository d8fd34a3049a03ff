import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../bench/portal.ts';
import { powerOnAndEnter } from './own-device.ts';
import { playedClip } from './played-clip.ts';
import { must, mustBeSound, type Suite } from './suite.ts';

const filler = '/data/filler';

export const diskFull: Suite = {
  name: 'disk full',
  proves:
    'somebody else fills the volume: the portal goes on and says so, a restart on the full volume works, and with room again it records by itself',
  needs: ['fresh-volume', 'small-volume', 'power-cut'],
  async run(bench, { report }) {
    const { portal } = await powerOnAndEnter(bench, { data: 'fresh', dataMegabytes: 400, environment: playedClip });
    await until('it records', async () => (await portal.recordings()).some(({ sizeBytes }) => sizeBytes > 0), { withinMs: 300_000 });
    await bench.run('dd', 'if=/dev/zero', `of=${filler}`, 'bs=1M');
    await pause(20_000);
    must(await portal.answers(), 'the portal is gone');
    // A busy machine may first say that it could not look in time.
    const told = async () => (await portal.health()).checks.find(({ id, level }) => id === 'storage.space' && level !== 'ok');
    await until('health tells', async () => (await told()) !== undefined, { withinMs: 120_000 });
    report('what health says', (await told())?.message ?? '');
    await bench.cutPower();
    const again = await powerOnAndEnter(bench, { data: 'kept', environment: playedClip });
    report('from power to portal on a full volume', `${again.seconds.toFixed(1)} s`);
    const bytes = async () => (await portal.recordings()).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    await bench.run('rm', filler);
    const before = await bytes();
    const resumed = await until('it records again', async () => (await bytes()) > before, { withinMs: 120_000 });
    report('from room to recording', `${resumed.toFixed(1)} s`);
    await mustBeSound(bench);
    await bench.cutPower();
  },
};
