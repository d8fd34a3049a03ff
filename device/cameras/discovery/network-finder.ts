import { createHash, randomUUID } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { networkInterfaces } from 'node:os';
import type { CameraSource } from '#device/contract/contract.ts';
import type { Clock } from '#device/kernel/clock.ts';
import { Failure } from '#device/kernel/failure.ts';
import type { Finder, Finding } from './discovery.ts';
import { type ProbeMatch, probeMessage, readProbeMatch } from './ws-discovery.ts';

export interface NetworkFinderOptions {
  clock: Clock;
  /** Own IPv4 addresses, one for each network that is asked. */
  addresses?: () => string[];
  /** Where the question goes; the group of WS-Discovery when absent. */
  target?: { address: string; port: number };
  listenMs?: number;
}

const discoveryGroup = { address: '239.255.255.250', port: 3702 };
const mostCameras = 64;
/** A network that talks without end is listened to no further. */
const mostMessages = 1_024;
/** Asked twice: a datagram may be lost. */
const repeatMs = 400;

/** Cameras that answer ONVIF WS-Discovery. Each search sends four small datagrams a network and listens for some seconds. */
export function networkFinder(options: NetworkFinderOptions): Finder {
  const { addresses = ownAddresses } = options;
  return {
    find: async (signal) => {
      const networks = addresses();
      if (networks.length === 0) {
        throw new Failure('unavailable', 'The device is in no network, so no network camera was looked for.', { action: 'Connect it.' });
      }
      const matches = new Map<string, ProbeMatch>();
      const results = await Promise.allSettled(networks.map((address) => askFrom(address, options, matches, signal)));
      signal.throwIfAborted();
      const failed = results.find((result) => result.status === 'rejected');
      if (failed && matches.size === 0) {
        throw new Failure('unavailable', 'The network could not be asked for cameras.', {
          action: 'Check the network of the device.',
          cause: failed.reason,
        });
      }
      return [...matches.values()].map(findingOf);
    },
  };
}

function ownAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.filter(({ family, internal }) => family === 'IPv4' && !internal).map(({ address }) => address);
}

async function askFrom(own: string, options: NetworkFinderOptions, matches: Map<string, ProbeMatch>, signal: AbortSignal): Promise<void> {
  const { clock, target = discoveryGroup, listenMs = 3_500 } = options;
  const messageIds = [`urn:uuid:${randomUUID()}`, `urn:uuid:${randomUUID()}`] as const;
  const socket = createSocket('udp4');
  let messages = 0;
  socket.on('message', (message, sender) => {
    messages += 1;
    if (messages > mostMessages || matches.size >= mostCameras) return;
    const match = readProbeMatch(message, sender.address, messageIds);
    if (match && !matches.has(match.endpoint)) matches.set(match.endpoint, match);
  });
  try {
    await bound(socket, own);
    for (let time = 0; time < 2; time += 1) {
      await send(socket, probeMessage(messageIds[0], 'dn:NetworkVideoTransmitter'), target);
      await send(socket, probeMessage(messageIds[1], 'tds:Device'), target);
      await clock.sleep(time === 0 ? repeatMs : listenMs - repeatMs, signal);
    }
  } finally {
    socket.close();
  }
}

function bound(socket: Socket, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(0, address, () => {
      socket.off('error', reject);
      // From here on a failure shows in what is sent.
      socket.on('error', () => {});
      resolve();
    });
  });
}

function send(socket: Socket, message: string, { address, port }: { address: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.send(message, port, address, (error) => (error ? reject(error) : resolve()));
  });
}

function findingOf(match: ProbeMatch): Finding {
  const { hostname } = new URL(match.onvifUrl);
  const name = match.name ?? match.hardware ?? `Camera ${hostname}`;
  const model = match.hardware !== null && match.hardware !== name ? `${match.hardware}, ` : '';
  return {
    id: `net-${createHash('sha256').update(match.endpoint).digest('hex').slice(0, 16)}`,
    kind: 'network',
    name,
    description: `Network camera, ${model}${hostname}`,
    source: null,
    onvifUrl: match.onvifUrl,
    hasPicture: false,
    notes: [],
    isSource: (source: CameraSource) => source.kind === 'rtsp' && URL.parse(source.url)?.hostname === hostname,
  };
}
