import { signal } from '@preact/signals';
import type { CameraControl, Client, Discovery, Ptz } from '../api/api.ts';
import { loaded, loader } from './loaded.ts';

type DiscoveryClient = Pick<
  Client,
  'discovery' | 'searchNetwork' | 'askCamera' | 'controls' | 'setControl' | 'ptz' | 'move' | 'goToPreset' | 'addPreset' | 'removePreset'
>;

/** The cameras that are there, and the settings that a camera has itself. */
export const createDiscovery = (client: DiscoveryClient) => {
  const found = loaded<Discovery>();
  const controls = loaded<CameraControl[]>();
  const ptz = loaded<Ptz>();
  const isSearching = signal(false);
  const searchNetwork = loader(found, (abort) => client.searchNetwork(abort));
  const loadControls = loader(controls, (abort, cameraId: string) => client.controls(cameraId, abort));
  const loadPtz = loader(ptz, (abort, cameraId: string) => client.ptz(cameraId, abort));
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
    /** What another camera has is not shown meanwhile. */
    loadControls: (cameraId: string) => {
      controls.value = { value: null, problem: null, loading: true };
      return loadControls(cameraId);
    },
    setControl: async (cameraId: string, id: string, value: number) => {
      const answer = await client.setControl(cameraId, { id, value });
      if (answer.kind === 'ok') controls.value = { value: answer.value, problem: null, loading: false };
      return answer;
    },
    askCamera: client.askCamera,
    /** What the camera that was asked for last can do about where it looks. */
    ptz,
    loadPtz: (cameraId: string) => {
      ptz.value = { value: null, problem: null, loading: true };
      return loadPtz(cameraId);
    },
    move: client.move,
    goToPreset: client.goToPreset,
    addPreset: async (cameraId: string, name: string) => {
      const answer = await client.addPreset(cameraId, name);
      if (answer.kind === 'ok') ptz.value = { value: answer.value, problem: null, loading: false };
      return answer;
    },
    removePreset: async (cameraId: string, presetId: string) => {
      const answer = await client.removePreset(cameraId, presetId);
      if (answer.kind === 'ok') ptz.value = { value: answer.value, problem: null, loading: false };
      return answer;
    },
  };
};
