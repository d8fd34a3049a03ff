import { computed } from '@preact/signals';
import type { Client, DeviceSettingsChange, Health, NewToken, System, Token } from '../api/api.ts';
import { createDisks, type DisksClient } from './disks.ts';
import { loaded, loader } from './loaded.ts';
import { createNetwork, type NetworkClient } from './network.ts';
import { createUpdates, type UpdatesClient } from './updates.ts';

type SystemClient = NetworkClient &
  UpdatesClient &
  DisksClient &
  Pick<Client, 'health' | 'system' | 'settings' | 'changeSettings' | 'tokens' | 'createToken' | 'revokeToken'>;
type Shown = Extract<Awaited<ReturnType<SystemClient['settings']>>, { kind: 'ok' }>['value'];

/** The device itself: what it is, how it is, how it is set. */
export const createSystem = (client: SystemClient) => {
  const health = loaded<Health>();
  const system = loaded<System>();
  const settings = loaded<Shown>();
  const tokens = loaded<Token[]>();
  const loadTokens = loader(tokens, (signal) => client.tokens(signal));

  return {
    health,
    system,
    settings,
    tokens,
    network: createNetwork(client),
    updates: createUpdates(client),
    disks: createDisks(client),
    /** null until the settings are here. */
    timeZone: computed(() => settings.value.value?.timeZone ?? null),
    deviceName: computed(() => settings.value.value?.deviceName ?? null),
    loadHealth: loader(health, (signal) => client.health(signal)),
    loadSystem: loader(system, (signal) => client.system(signal)),
    loadSettings: loader(settings, (signal) => client.settings(signal)),
    loadTokens,
    changeSettings: async (change: DeviceSettingsChange) => {
      const answer = await client.changeSettings(change);
      if (answer.kind === 'ok') settings.value = { value: answer.value, problem: null, loading: false };
      return answer;
    },
    createToken: async (token: NewToken) => {
      const answer = await client.createToken(token);
      if (answer.kind === 'ok') await loadTokens();
      return answer;
    },
    revokeToken: async (id: string) => {
      const answer = await client.revokeToken(id);
      if (answer.kind === 'ok') await loadTokens();
      return answer;
    },
  };
};
