import { appendFile } from 'node:fs/promises';
import type { NetworkPort } from '#device/api/ports.ts';
import type { HealthSource } from '#device/health/health.ts';
import type { Clock } from '#device/kernel/clock.ts';
import type { Logger } from '#device/kernel/logger.ts';
import { askPeer } from '#device/network/announce.ts';
import { CaptiveNames } from '#device/network/captive-names.ts';
import { CodeWatch } from '#device/network/code-watch.ts';
import type { AccessPointPlan } from '#device/network/connection-profiles.ts';
import type { Identity } from '#device/network/identity.ts';
import { NetworkRoom } from '#device/network/network-room.ts';
import { browsePeers, Peers } from '#device/network/peers.ts';
import { type Filming, keyPictures } from './key-pictures.ts';
import type { Rooms } from './rooms.ts';
import { eventTeller } from './tell-event.ts';

/** Where a person with a screen and no keyboard looks. */
const console = '/dev/tty1';
const setupAddress = '10.42.0.1';

interface NetworkOptions {
  clock: Clock;
  logger: Logger;
  rooms: Pick<Rooms, 'journal' | 'capture' | 'identity' | 'timeSync'>;
  set: Filming;
  /** The machine is there for this program alone: it may have an access point of its own. */
  isAppliance: boolean;
  say(text: string): void;
}

export interface JoinedNetwork {
  port: NetworkPort;
  health: HealthSource;
  /** Never throws: a device without a network records on. */
  run(signal: AbortSignal): Promise<void>;
}

/** The network room with what it tells and whom. */
export function joinNetwork(options: NetworkOptions): JoinedNetwork {
  const { clock, logger, rooms, set, isAppliance, say } = options;
  const { identity } = rooms;
  const tell = eventTeller({ clock, logger, journal: rooms.journal });
  const record = (message: string): void => tell({ cameraId: null, kind: 'network.changed', message });
  const room = new NetworkRoom({
    clock,
    logger,
    plan: isAppliance ? planOf(identity) : null,
    onOpened: (plan) => {
      record(`There is no network: the Wi-Fi “${plan.ssid}” of the device is open.`);
      const text = setupText(plan);
      say(text);
      void appendFile(console, `\n${text}\n`).catch(() => {});
    },
    onClosed: () => record('There is a network again: the Wi-Fi of the device is closed.'),
    onJoined: ({ ssid, phase, message }) => {
      record(phase === 'joined' ? `Joined the Wi-Fi “${ssid}”.` : `The Wi-Fi “${ssid}” could not be joined. ${message ?? ''}`.trim());
    },
  });
  const peers = new Peers({
    clock,
    logger,
    deviceId: identity.deviceId,
    browse: browsePeers,
    ask: (name) => askPeer(name, clock),
  });
  const codes = new CodeWatch({
    clock,
    logger,
    isNeeded: () => room.isSetupNeeded,
    picture: keyPictures(set, rooms.capture, clock),
    join: (network) => room.joinAndWait(network),
    onCode: record,
  });
  const names = new CaptiveNames({ clock, logger, address: () => room.setup?.address ?? null });
  return {
    port: {
      describe: () => room.describe(),
      peers: () => peers.list(),
      scan: () => room.scan(),
      join: (network) => room.join(network),
      forget: (ssid) => room.forget(ssid),
      setup: () => room.setup,
      visited: () => room.visited(),
    },
    health: { name: 'network.link', checks: async () => [...(await room.checks()), rooms.timeSync.check()] },
    run: async (signal) => {
      for (const { reason } of await settled([room, peers, codes, names, rooms.timeSync].map((part) => part.run(signal)))) {
        logger.error({ err: reason }, 'a part of the network room ended');
      }
    },
  };
}

function planOf({ deviceId, setupPassphrase }: Identity): AccessPointPlan {
  return { ssid: `Kerberos-${deviceId.slice(0, 4)}`, passphrase: setupPassphrase, address: setupAddress };
}

function setupText({ ssid, passphrase, address }: AccessPointPlan): string {
  return [
    'Kerberos Edge has no network. To give it one, join its own Wi-Fi with a phone or computer:',
    `  name        ${ssid}`,
    `  passphrase  ${passphrase}`,
    `and open http://${address}. Recording goes on meanwhile.`,
  ].join('\n');
}

async function settled(runs: readonly Promise<void>[]): Promise<PromiseRejectedResult[]> {
  return (await Promise.allSettled(runs)).filter((result) => result.status === 'rejected');
}
