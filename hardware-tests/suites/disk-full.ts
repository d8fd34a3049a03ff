import { setTimeout as pause } from 'node:timers/promises';
import { Portal, until } from '../bench/portal.ts';
import { playedClip } from './played-clip.ts';
import { must, mustBeSound, type Suite } from './suite.ts';

const filler = '/data/filler';

export const diskFull: Suite = {
  name: 'disk full',
  proves:
    'somebody else fills the volume: the portal goes on and says so, a restart on the full volume works, and with room again it records by itself',
  needs: ['fresh-volume', 'small-volume', 'power-cut'],
  async run(bench, { report }) {
    await bench.powerOn({ data: 'fresh', dataMegabytes: 400, environment: playedClip });
    const portal = new Portal(bench);
    const answers = async () => (await portal.state())?.status === 200;
    await until('the portal answers', answers, { withinMs: 300_000 });
    await portal.enter();
    await until('it records', async () => (await portal.recordings()).some(({ sizeBytes }) => sizeBytes > 0), { withinMs: 300_000 });
    await bench.run('dd', 'if=/dev/zero', `of=${filler}`, 'bs=1M');
    await pause(20_000);
    must(await answers(), 'the portal is gone');
    // A busy machine may first say that it could not look in time.
    const told = async () => (await portal.health()).checks.find(({ id, level }) => id === 'storage.space' && level !== 'ok');
    await until('health tells', async () => (await told()) !== undefined, { withinMs: 120_000 });
    report('what health says', (await told())?.message ?? '');
    await bench.cutPower();
    const sinceMs = performance.now();
    await bench.powerOn({ data: 'kept', environment: playedClip });
    const again = await until('the portal answers on a full volume', answers, { withinMs: 300_000, sinceMs });
    report('from power to portal on a full volume', `${again.toFixed(1)} s`);
    await portal.enter();
    const bytes = async () => (await portal.recordings()).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    await bench.run('rm', filler);
    const before = await bytes();
    const resumed = await until('it records again', async () => (await bytes()) > before, { withinMs: 120_000 });
    report('from room to recording', `${resumed.toFixed(1)} s`);
    await mustBeSound(bench);
    await bench.cutPower();
  },
};
