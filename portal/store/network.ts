import type { Client, JoinNetwork, Network, Peer, WifiNetwork } from '../api/api.ts';
import { loaded, loader } from './loaded.ts';

export type NetworkClient = Pick<Client, 'network' | 'peers' | 'scanNetworks' | 'joinNetwork' | 'forgetNetwork'>;

/** How the device is connected, and with what it could be. */
export const createNetwork = (client: NetworkClient) => {
  const network = loaded<Network>();
  const peers = loaded<Peer[]>();
  const found = loaded<WifiNetwork[]>();
  const load = loader(network, (signal) => client.network(signal));

  return {
    network,
    peers,
    /** null until somebody looked for networks. */
    found,
    load,
    loadPeers: loader(peers, (signal) => client.peers(signal)),
    scan: loader(found, (signal) => client.scanNetworks(signal)),
    join: async (wish: JoinNetwork) => {
      const answer = await client.joinNetwork(wish);
      if (answer.kind === 'ok') await load();
      return answer;
    },
    forget: async (ssid: string) => {
      const answer = await client.forgetNetwork(ssid);
      if (answer.kind === 'ok') await load();
      return answer;
    },
  };
};

/** What may be typed as a passphrase; the device checks the same. Empty is for open and known networks. */
export const isPassphrase = (text: string): boolean => text === '' || /^([ -~]{8,63}|[0-9a-fA-F]{64})$/.test(text);

export const isNetworkName = (text: string, maxBytes: number): boolean => text !== '' && new TextEncoder().encode(text).length <= maxBytes;
