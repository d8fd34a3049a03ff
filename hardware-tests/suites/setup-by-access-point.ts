import { networkSchema, type WifiJoin } from '#device/contract/contract.ts';
import type { Bench, KnownWifi } from '../bench/bench.ts';
import { until } from '../bench/portal.ts';
import { waitingClip } from './played-clip.ts';
import { must, mustBeSound, type Suite } from './suite.ts';

const house: KnownWifi = { ssid: 'Old farm', passphrase: 'seven dwarfs' };
/** What phones and computers ask for to find out whether there is a page to be shown. */
const askedByMakers = ['http://connectivitycheck.gstatic.com/generate_204', 'http://captive.apple.com/hotspot-detect.html'];

export const setupByAccessPoint: Suite = {
  name: 'setup by access point',
  proves: 'a device that knows no network is given one with a phone alone; a wrong passphrase leaves it where it can be given another',
  needs: ['fresh-volume', 'radios'],
  async run(bench, { report }) {
    const sinceMs = performance.now();
    await bench.powerOn({ data: 'fresh', surroundings: 'network', environment: waitingClip });
    await bench.houseWifi(house);
    const openSeconds = await until('it tells of its own Wi-Fi', async () => toldWifi(bench) !== null, { withinMs: 500_000, sinceMs });
    report('from power to its own Wi-Fi being told', `${openSeconds.toFixed(1)} s`);
    const own = toldWifi(bench);
    must(own !== null, 'its own Wi-Fi is not told');
    const joinMs = performance.now();
    await bench.phoneJoins(own);
    report('the phone, until it has an address in it', `${((performance.now() - joinMs) / 1000).toFixed(1)} s`);
    const phone = new Phone(bench, await gatewayOf(bench));
    for (const address of askedByMakers) await phone.mustBeSentTo(address, '/system');
    report('hosts of phone makers that led to the page', askedByMakers.map((address) => new URL(address).hostname).join(', '));
    await phone.claim();
    const wrong = await phone.join({ ...house, passphrase: 'eight dwarfs' });
    report('from the wrong passphrase to being told so, on its own Wi-Fi again', `${wrong.seconds.toFixed(1)} s`);
    must(wrong.join.phase === 'failed', `the wrong passphrase: ${wrong.join.phase}`);
    must(wrong.join.message?.includes('passphrase') === true, `what is told: ${wrong.join.message}`);
    await phone.begin(house);
    const joinedMs = performance.now();
    let address = '';
    const find = async () => {
      address = await addressInHouse(bench);
      return (
        address !== '' && (await bench.onOther('house', `curl -s -m 10 http://${address}/api/health`)).output.includes('"claimed":true')
      );
    };
    const joined = await until('the router of the house gets the portal', find, { withinMs: 180_000, sinceMs: joinedMs });
    report('from the right passphrase to the portal at its address in the house', `${joined.toFixed(1)} s (${address})`);
    await until('its own Wi-Fi is off the air', async () => !(await isHeardByPhone(bench, own)), { withinMs: 120_000 });
    await mustBeSound(bench);
    await bench.cutPower();
  },
};

/** As the device tells it to who stands before it; null while it does not. */
function toldWifi(bench: Bench): KnownWifi | null {
  const told = /^ {2}name {8}(\S+)\s+passphrase {2}(\S+)/m.exec(bench.console());
  return told ? { ssid: told[1] ?? '', passphrase: told[2] ?? '' } : null;
}

async function gatewayOf(bench: Bench): Promise<string> {
  const { output } = await bench.onOther('phone', 'ip route show default');
  return /via (\S+)/.exec(output)?.[1] ?? '';
}

/** Whom the router met in its network: nobody but the device joins it. Empty while that is nobody. */
async function addressInHouse(bench: Bench): Promise<string> {
  const { output } = await bench.onOther('house', 'ip -4 neigh show nud reachable nud stale nud delay nud probe');
  return /^(\d+\.\d+\.\d+\.\d+) .*lladdr/m.exec(output)?.[1] ?? '';
}

async function isHeardByPhone(bench: Bench, { ssid }: KnownWifi): Promise<boolean> {
  const { status, output } = await bench.onOther('phone', `iw dev "$(iw dev | awk '$1 == "Interface" { print $2 }')" scan flush`);
  must(status === 0, `the phone does not listen: ${output}`);
  return output.includes(`SSID: ${ssid}`);
}

/** A person with a browser on the device's own Wi-Fi. */
class Phone {
  readonly #bench: Bench;
  readonly #portal: string;

  constructor(bench: Bench, gateway: string) {
    this.#bench = bench;
    this.#portal = `http://${gateway}`;
  }

  async mustBeSentTo(address: string, path: string): Promise<void> {
    const { output } = await this.#curl(`-o /dev/null -w '%{http_code} %{redirect_url}' ${address}`);
    must(output.trim() === `302 ${this.#portal}${path}`, `${address} is answered with ${output}`);
  }

  async claim(): Promise<void> {
    const { output } = await this.#post('/api/claim', this.#bench.owner);
    must(output.endsWith('201'), `the device cannot be claimed: ${output}`);
  }

  async begin(wifi: KnownWifi): Promise<void> {
    const { output } = await this.#post('/api/network/join', wifi);
    must(output.endsWith('202'), `the wish is not taken: ${output}`);
  }

  /** Until the phone, which lost the device meanwhile, can read what became of it. */
  async join(wifi: KnownWifi): Promise<{ join: WifiJoin; seconds: number }> {
    await this.begin(wifi);
    const outcome: { join: WifiJoin | null } = { join: null };
    const seconds = await until(
      'the phone can read what became of it',
      async () => {
        const { status, output } = await this.#curl(`-b /run/cookies ${this.#portal}/api/network`);
        if (status === 0) outcome.join = networkSchema.parse(JSON.parse(output)).join;
        return outcome.join?.phase === 'failed' || outcome.join?.phase === 'joined';
      },
      { withinMs: 240_000 },
    );
    must(outcome.join !== null, 'nothing is told');
    return { join: outcome.join, seconds };
  }

  #post(path: string, body: object) {
    const headers = `-H 'Origin: ${this.#portal}' -H 'Content-Type: application/json' -b /run/cookies -c /run/cookies`;
    return this.#curl(`${headers} -d '${JSON.stringify(body)}' -w '%{http_code}' ${this.#portal}${path}`);
  }

  #curl(words: string) {
    return this.#bench.onOther('phone', `curl -s -m 15 ${words}`);
  }
}
