import { computed, signal } from '@preact/signals';
import type { Camera, CameraChange, CameraSource, CameraStatus, Client, NewCamera, StreamMessage } from '../api/api.ts';
import type { Clock } from './clock.ts';
import { loaded, loader } from './loaded.ts';

type CamerasClient = Pick<
  Client,
  'cameras' | 'addCamera' | 'changeCamera' | 'removeCamera' | 'restartCamera' | 'record' | 'stopRecording' | 'probe'
>;

/** All cameras with their newest status. `seenAtMs` says when (steady) a status came, so that its age can go on growing. */
export const createCameras = (client: CamerasClient, clock: Clock) => {
  const list = loaded<Camera[]>();
  const seenAtMs = signal<ReadonlyMap<string, number>>(new Map());
  const load = loader(list, (signal) => client.cameras(signal));

  const note = (ids: readonly string[]) => {
    const next = new Map(seenAtMs.value);
    for (const id of ids) next.set(id, clock.steadyMs());
    seenAtMs.value = next;
  };

  const setList = (change: (cameras: Camera[]) => Camera[]) => {
    const { value } = list.value;
    if (value) list.value = { ...list.value, value: change(value) };
  };

  const put = (camera: Camera) => {
    setList((cameras) =>
      cameras.some((other) => other.id === camera.id)
        ? cameras.map((other) => (other.id === camera.id ? camera : other))
        : [...cameras, camera],
    );
    note([camera.id]);
  };

  const putStatus = (id: string, status: CameraStatus) => {
    const known = list.value.value?.some((camera) => camera.id === id) ?? false;
    if (!known) return void reload();
    setList((cameras) => cameras.map((camera) => (camera.id === id ? { ...camera, status, state: status.state } : camera)));
    note([id]);
  };

  const reload = async (): Promise<void> => {
    await load();
    note(list.value.value?.map((camera) => camera.id) ?? []);
  };

  const kept = async (request: ReturnType<CamerasClient['addCamera']>) => {
    const answer = await request;
    if (answer.kind === 'ok') put(answer.value);
    return answer;
  };

  return {
    list,
    seenAtMs,
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
    probe: (source: CameraSource, signal: AbortSignal) => client.probe(source, signal),
    record: (id: string, durationMs: number) => client.record(id, durationMs),
    stopRecording: (id: string) => client.stopRecording(id),
  };
};
export type CamerasStore = ReturnType<typeof createCameras>;
