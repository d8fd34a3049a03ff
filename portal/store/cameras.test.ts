import { describe, expect, test } from 'vitest';
import type { Answer, Camera } from '../api/api.ts';
import { createCameras } from './cameras.ts';

const cameraNamed = (id: string): Camera => ({
  id,
  name: id,
  enabled: true,
  source: { kind: 'demo' },
  recording: {
    mode: 'off',
    preRollMs: 0,
    postRollMs: 0,
    maxLengthMs: 60_000,
    audio: false,
    schedule: null,
    maxAgeDays: null,
    maxBytes: null,
  },
  motion: { enabled: false, sensitivity: 50, zones: [] },
  notices: { enabled: false, kinds: [] },
  timeLapse: { enabled: false, intervalMs: 300_000, fullSize: true, schedule: null, maxAgeDays: null, maxBytes: 5_000_000_000 },
  state: 'online',
  status: {
    state: 'online',
    since: '2026-06-01T08:00:00Z',
    problem: null,
    lastFrameAgeMs: 10,
    stream: null,
    recordingNow: false,
    motionNow: false,
    restarts: 0,
    notes: [],
  },
});

const storeOf = (answers: (Answer<Camera[]> | Promise<Answer<Camera[]>>)[]) => {
  const none = async (): Promise<never> => {
    throw new Error('not asked for here');
  };
  const asked = { count: 0 };
  const store = createCameras({
    cameras: async () => {
      asked.count += 1;
      return answers.shift() ?? { kind: 'aborted' };
    },
    addCamera: async () => ({ kind: 'ok', value: cameraNamed('new') }),
    removeCamera: async () => ({ kind: 'ok', value: null }),
    changeCamera: none,
    restartCamera: none,
    record: none,
    stopRecording: none,
    probe: none,
  });
  return { store, asked };
};

const ids = (store: ReturnType<typeof createCameras>) => store.list.value.value?.map((camera) => camera.id);

describe('the cameras', () => {
  test('follow what the device tells', async () => {
    const { store } = storeOf([{ kind: 'ok', value: [cameraNamed('front'), cameraNamed('yard')] }]);
    await store.reload();
    const status = { ...cameraNamed('front').status, state: 'offline' as const };
    store.receive({ type: 'camera', cameraId: 'front', status });
    expect(store.find('front')).toMatchObject({ state: 'offline', status: { state: 'offline' } });
    store.receive({ type: 'camera-removed', cameraId: 'yard' });
    expect(ids(store)).toEqual(['front']);
  });

  test('a camera nobody knew yet makes the list load anew', async () => {
    const { store, asked } = storeOf([
      { kind: 'ok', value: [] },
      { kind: 'ok', value: [cameraNamed('front')] },
    ]);
    await store.reload();
    store.receive({ type: 'camera', cameraId: 'front', status: cameraNamed('front').status });
    await Promise.resolve();
    expect(asked.count).toBe(2);
  });

  test('arrive though the device tells much before they do, and once more when one of them was not in it', async () => {
    const first = Promise.withResolvers<Answer<Camera[]>>();
    const { store, asked } = storeOf([first.promise, { kind: 'ok', value: [cameraNamed('front'), cameraNamed('yard')] }]);
    const loading = store.reload();
    for (const id of ['front', 'yard', 'front']) store.receive({ type: 'camera', cameraId: id, status: cameraNamed(id).status });
    expect(asked.count).toBe(1);
    first.resolve({ kind: 'ok', value: [cameraNamed('front')] });
    await loading;
    expect(asked.count).toBe(2);
    expect(ids(store)).toEqual(['front', 'yard']);
  });

  test('keep what is shown when a reload fails', async () => {
    const problem = { kind: 'network' as const, message: 'The device did not answer.', action: null };
    const { store } = storeOf([
      { kind: 'ok', value: [cameraNamed('front')] },
      { kind: 'error', problem },
    ]);
    await store.reload();
    await store.reload();
    expect(ids(store)).toEqual(['front']);
    expect(store.list.value.problem).toEqual(problem);
  });

  test('an added one is there at once, a removed one gone', async () => {
    const { store } = storeOf([{ kind: 'ok', value: [] }]);
    await store.reload();
    await store.add({ name: 'new', source: { kind: 'demo' } });
    expect(ids(store)).toEqual(['new']);
    await store.remove('new', false);
    expect(ids(store)).toEqual([]);
  });
});
