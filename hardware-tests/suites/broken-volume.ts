import { Portal, until } from '../bench/portal.ts';
import { must, type Suite } from './suite.ts';

export const brokenVolume: Suite = {
  name: 'broken data volume',
  proves: 'a volume that is read-only or absent: the portal’s address says what is wrong; mended, the device starts by itself',
  needs: ['fresh-volume', 'broken-volume'],
  async run(bench, { report }) {
    const rescued = async () => (await new Portal(bench).state())?.status === 503;
    for (const [mounted, words] of [
      ['not at all', 'The data volume is not there'],
      ['read-only', 'can only be read'],
    ] as const) {
      const sinceMs = performance.now();
      await bench.powerOn({ data: 'fresh', mounted });
      report(
        `from power to the page, volume ${mounted}`,
        `${(await until('the page answers', rescued, { withinMs: 300_000, sinceMs })).toFixed(1)} s`,
      );
      const page = await (await fetch(bench.url)).text();
      must(page.includes(words), `the page does not say "${words}": ${page}`);
      const healthcheck = await bench.run('/usr/src/kerberos-edge/image/healthcheck.sh');
      must(healthcheck.status !== 0, 'the container calls itself healthy');
      if (mounted === 'not at all') await bench.cutPower();
    }
    await bench.mendVolume();
    const portal = new Portal(bench);
    const mended = await until('the device starts', async () => (await portal.state())?.claimed === false, { withinMs: 300_000 });
    report('from mended to portal', `${mended.toFixed(1)} s`);
    await bench.cutPower();
  },
};
