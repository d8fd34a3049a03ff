import { signal } from '@preact/signals';
import type { CameraControl, Client, Discovery } from '../api/api.ts';
import { loaded, loader } from './loaded.ts';

type DiscoveryClient = Pick<Client, 'discovery' | 'searchNetwork' | 'controls' | 'setControl'>;

/** The cameras that are there, and the settings that a camera has itself. */
export const createDiscovery = (client: DiscoveryClient) => {
  const found = loaded<Discovery>();
  const controls = loaded<CameraControl[]>();
  const isSearching = signal(false);
  const searchNetwork = loader(found, (abort) => client.searchNetwork(abort));
  return {
    found,
    /** Of the camera that was asked for last. */
    controls,
    isSearching,
    load: loader(found, (abort) => client.discovery(abort)),
    search: async () => {
      isSearching.value = true;
      await searchNetwork();
      isSearching.value = false;
    },
    loadControls: loader(controls, (abort, cameraId: string) => client.controls(cameraId, abort)),
    setControl: async (cameraId: string, id: string, value: number) => {
      const answer = await client.setControl(cameraId, { id, value });
      if (answer.kind === 'ok') controls.value = { value: answer.value, problem: null, loading: false };
      return answer;
    },
  };
};
