import { setTimeout as pause } from 'node:timers/promises';
import { type Portal, until } from '../bench/portal.ts';
import { powerOnAndEnter } from './own-device.ts';
import { playedClip } from './played-clip.ts';
import { must, mustBeSound, type Suite } from './suite.ts';

const house = { ssid: 'Old farm', passphrase: 'seven dwarfs' };
/** That it records on is looked at for so long after its own Wi-Fi is open. */
const awayMs = 30_000;
const settledMs = 15_000;

export const networkLost: Suite = {
  name: 'network lost and found',
  proves: 'a device whose Wi-Fi goes away records on, opens its own, and goes back by itself when the known one is there again',
  needs: ['fresh-volume', 'radios'],
  async run(bench, { report }) {
    const { portal } = await powerOnAndEnter(bench, { data: 'fresh', surroundings: 'network', environment: playedClip });
    await bench.houseWifi(house);
    await until('the Wi-Fi of the house is heard', async () => (await portal.scanWifi()).includes(house.ssid), { withinMs: 120_000 });
    await portal.joinWifi(house);
    const wifi = async () => (await portal.network()).links.find(({ kind }) => kind === 'wifi');
    const isHome = async () => {
      const link = await wifi();
      return link?.state === 'connected' && link.ssid === house.ssid && (await portal.network()).setup === null;
    };
    const joined = await until('it is in the house', isHome, { withinMs: 120_000 });
    report('from the passphrase to the Wi-Fi of the house', `${joined.toFixed(1)} s`);
    // A network that is there for a moment only is none that was lost.
    await pause(settledMs);
    await until('it records', async () => (await recordedMs(portal)) > 0, { withinMs: 120_000 });

    await bench.houseWifi(null);
    const lostMs = performance.now();
    const beforeMs = await recordedMs(portal);
    const opened = await until('its own Wi-Fi is open', async () => (await wifi())?.state === 'setup', { withinMs: 300_000 });
    report('from the Wi-Fi being gone to its own', `${opened.toFixed(1)} s`);
    must(opened > 60, 'a router that restarts would have found it gone');
    await pause(awayMs);
    const onMs = (await recordedMs(portal)) - beforeMs;
    const goneMs = performance.now() - lostMs;
    report('recorded meanwhile', `${(onMs / 1000).toFixed(1)} s of ${(goneMs / 1000).toFixed(1)} s`);
    must(onMs > goneMs / 2, 'it did not record on');

    await bench.houseWifi(house);
    const back = await until('it is back in the house', isHome, { withinMs: 400_000 });
    report('from the Wi-Fi being there again to being in it', `${back.toFixed(1)} s`);
    const told = async () => (await portal.events('network.changed')).map(({ message }) => message ?? '');
    await until('that its own is closed is told', async () => (await told())[0]?.includes('is closed') === true, { withinMs: 60_000 });
    must((await told())[1]?.includes('is open') === true, `what is told: ${(await told()).join(' ')}`);
    await mustBeSound(bench);
    await bench.cutPower();
  },
};

async function recordedMs(portal: Portal): Promise<number> {
  return (await portal.recordings()).reduce((sum, { durationMs }) => sum + durationMs, 0);
}
