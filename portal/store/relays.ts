import type { Answer, Client, Relay } from '../api/api.ts';
import { loaded, loader } from './loaded.ts';

type RelaysClient = Pick<Client, 'relays' | 'switchRelay' | 'pulseRelay'>;

/** The outputs of the network camera that was asked for last. */
export const createRelays = (client: RelaysClient) => {
  const list = loaded<Relay[]>();
  const load = loader(list, (abort, cameraId: string) => client.relays(cameraId, abort));
  const taken = (answer: Answer<Relay>) => {
    const { value } = list.value;
    if (answer.kind !== 'ok' || !value) return answer;
    list.value = { value: value.map((relay) => (relay.id === answer.value.id ? answer.value : relay)), problem: null, loading: false };
    return answer;
  };
  return {
    list,
    /** What another camera has is not shown meanwhile. */
    load: (cameraId: string) => {
      list.value = { value: null, problem: null, loading: true };
      return load(cameraId);
    },
    switch: async (cameraId: string, id: string, on: boolean) => taken(await client.switchRelay(cameraId, id, on)),
    pulse: async (cameraId: string, id: string, durationMs: number) => taken(await client.pulseRelay(cameraId, id, durationMs)),
  };
};
