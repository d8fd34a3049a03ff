import type { Bench } from '../bench/bench.ts';
import { Portal, until } from '../bench/portal.ts';
import { waitingClip } from './played-clip.ts';
import { must, type Suite } from './suite.ts';

const wanted = 'kerberos.local';
const nextFree = 'kerberos-2.local';

export const nameOnNetwork: Suite = {
  name: 'name on the network',
  proves: 'another host finds the device by its name and gets the portal by it; where somebody else has the name, by the next free one',
  needs: ['fresh-volume', 'neighbour'],
  async run(bench, { report }) {
    const sinceMs = performance.now();
    await bench.powerOn({ data: 'fresh', surroundings: 'network', environment: waitingClip });
    const seconds = await until('the neighbour gets the portal by name', () => answersAs(bench, wanted), { withinMs: 400_000, sinceMs });
    report(`from power to the portal at http://${wanted}, as the neighbour sees it`, `${seconds.toFixed(1)} s`);
    report('its address there', await addressOf(bench, wanted));
    report('milliseconds to the page by name', await millisecondsOf(bench, wanted));
    const services = await bench.onOther('neighbour', 'avahi-browse -rtp _http._tcp');
    must(services.output.includes(';80;'), `the portal is not among the services of the network: ${services.output}`);
    await bench.cutPower();

    await bench.powerOn({ data: 'kept', surroundings: 'network', environment: waitingClip });
    await bench.onOther('neighbour', `avahi-publish -a -R ${wanted} "$(hostname -I | cut -d ' ' -f 1)" >/dev/null 2>&1 &`);
    await until('the neighbour has the name', async () => (await addressOf(bench, wanted)) !== '', { withinMs: 60_000 });
    const neighbour = await addressOf(bench, wanted);
    const againSeconds = await until('the device has the next name', () => answersAs(bench, nextFree), { withinMs: 400_000 });
    report(`from the name being taken to the portal at http://${nextFree}`, `${againSeconds.toFixed(1)} s`);
    must((await addressOf(bench, wanted)) === neighbour, 'the name was taken away from who had it');
    const portal = new Portal(bench);
    await portal.enter();
    const told = (await portal.health()).checks.find(({ id }) => id === 'network.name')?.message ?? '';
    must(told.includes(nextFree), `health says: ${told}`);
    await bench.cutPower();
  },
};

async function answersAs(bench: Bench, name: string): Promise<boolean> {
  return (await bench.onOther('neighbour', `curl -s -m 10 http://${name}/api/health`)).output.includes('"claimed"');
}

/** Empty when nobody answers for the name. */
async function addressOf(bench: Bench, name: string): Promise<string> {
  const { status, output } = await bench.onOther('neighbour', `avahi-resolve -4 -n ${name} 2>/dev/null`);
  return status === 0 ? (output.trim().split(/\s+/)[1] ?? '') : '';
}

async function millisecondsOf(bench: Bench, name: string): Promise<string> {
  const { output } = await bench.onOther('neighbour', `curl -s -o /dev/null -m 20 -w '%{http_code} %{time_total}' http://${name}/`);
  const [status, seconds] = output.trim().split(' ');
  must(status === '200', `the page answers ${status}`);
  return (Number(seconds) * 1000).toFixed(0);
}
