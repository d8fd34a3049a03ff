import { computed } from '@preact/signals';
import type { Camera, CameraChange, CameraStatus, Client, NewCamera, StreamMessage } from '../api/api.ts';
import { loaded, loader } from './loaded.ts';

type CamerasClient = Pick<
  Client,
  'cameras' | 'addCamera' | 'changeCamera' | 'removeCamera' | 'restartCamera' | 'record' | 'stopRecording' | 'probe'
>;

/** All cameras with their newest status. */
export const createCameras = (client: CamerasClient) => {
  const list = loaded<Camera[]>();
  const load = loader(list, (signal) => client.cameras(signal));

  const setList = (change: (cameras: Camera[]) => Camera[]) => {
    const { value } = list.value;
    if (value) list.value = { ...list.value, value: change(value) };
  };

  const put = (camera: Camera) => setList((cameras) => withCamera(cameras, camera));

  const isKnown = (id: string): boolean => list.value.value?.some((camera) => camera.id === id) ?? false;
  /** Told of while the list was on its way. */
  const unknown = new Set<string>();

  const putStatus = (id: string, status: CameraStatus) => {
    if (!isKnown(id)) {
      // A load that is under way is waited for: where cameras tell much, it would never arrive if each of them began it anew.
      if (!list.value.loading) return void reload();
      return void unknown.add(id);
    }
    setList((cameras) => cameras.map((camera) => (camera.id === id ? { ...camera, status, state: status.state } : camera)));
  };

  const reload = async (): Promise<void> => {
    await load();
    if (list.value.loading) return;
    const missing = [...unknown].some((id) => !isKnown(id));
    unknown.clear();
    if (missing && list.value.problem === null) await reload();
  };

  const kept = async (request: ReturnType<CamerasClient['addCamera']>) => {
    const answer = await request;
    if (answer.kind === 'ok') put(answer.value);
    return answer;
  };

  return {
    list,
    names: computed(() => new Map((list.value.value ?? []).map((camera) => [camera.id, camera.name]))),
    reload,
    find: (id: string): Camera | null => list.value.value?.find((camera) => camera.id === id) ?? null,
    receive: (message: StreamMessage) => {
      if (message.type === 'camera') putStatus(message.cameraId, message.status);
      if (message.type === 'camera-removed') setList((cameras) => cameras.filter((camera) => camera.id !== message.cameraId));
    },
    add: (camera: NewCamera) => kept(client.addCamera(camera)),
    change: (id: string, change: CameraChange) => kept(client.changeCamera(id, change)),
    restart: (id: string) => kept(client.restartCamera(id)),
    remove: async (id: string, deleteRecordings: boolean) => {
      const answer = await client.removeCamera(id, deleteRecordings);
      if (answer.kind === 'ok') setList((cameras) => cameras.filter((camera) => camera.id !== id));
      return answer;
    },
    probe: client.probe,
    record: client.record,
    stopRecording: client.stopRecording,
  };
};

const withCamera = (cameras: Camera[], camera: Camera): Camera[] =>
  cameras.some((other) => other.id === camera.id)
    ? cameras.map((other) => (other.id === camera.id ? camera : other))
    : [...cameras, camera];
