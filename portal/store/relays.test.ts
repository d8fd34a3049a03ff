import { describe, expect, test } from 'vitest';
import type { Answer, Relay } from '../api/api.ts';
import { createRelays } from './relays.ts';

const ok = <T>(value: T): Answer<T> => ({ kind: 'ok', value });
const failed: Answer<never> = { kind: 'error', problem: { kind: 'camera-refused', message: 'No', action: null } };
const gate: Relay = { id: 'gate', mode: 'switch', pulseMs: null, on: null };
const lamp: Relay = { ...gate, id: 'lamp' };

describe('the outputs of a camera', () => {
  test('are shown as they were told last, each for itself', async () => {
    const store = createRelays({
      relays: async () => ok([gate, lamp]),
      switchRelay: async (_camera, id, on) => (id === 'gate' ? ok({ ...gate, on }) : failed),
      pulseRelay: async () => ok({ ...lamp, on: false }),
    });
    await store.load('yard');
    await store.switch('yard', 'gate', true);
    expect(await store.switch('yard', 'lamp', true)).toEqual(failed);
    expect(store.list.value.value).toEqual([{ ...gate, on: true }, lamp]);
    await store.pulse('yard', 'lamp', 1_000);
    expect(store.list.value.value?.[1]?.on).toBe(false);
  });

  test('are never those of the camera that was looked at before', async () => {
    const store = createRelays({
      relays: async (id) => (id === 'yard' ? ok([gate]) : failed),
      switchRelay: async () => failed,
      pulseRelay: async () => failed,
    });
    await store.load('yard');
    const loading = store.load('door');
    expect(store.list.value.value).toBeNull();
    await loading;
    expect(store.list.value).toMatchObject({ value: null, problem: { message: 'No' } });
  });
});
