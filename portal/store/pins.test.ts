import { describe, expect, test } from 'vitest';
import type { Pin, PinUse } from '../api/api.ts';
import { draftOfPin, useOfDraft, wrongInPin } from './pin-draft.ts';
import { createPins } from './pins.ts';

const siren: PinUse = {
  direction: 'output',
  kind: 'siren',
  name: 'Siren',
  activeLow: true,
  mode: 'pulse',
  cameraIds: ['front'],
  pulseMs: 2_500,
};
const door: PinUse = {
  direction: 'input',
  kind: 'door',
  name: 'Back door',
  activeLow: true,
  debounceMs: 80,
  recordCameraIds: ['hall'],
  recordMs: 30_000,
};
const pin = (line: number, change: Partial<Pin> = {}): Pin => ({
  line,
  headerPin: line,
  alsoKnownAs: null,
  use: null,
  active: null,
  owner: null,
  problem: null,
  ...change,
});

describe('the use of a pin as it is typed', () => {
  test.each([siren, door])('comes back as it was', (use) => {
    expect(useOfDraft(draftOfPin(use))).toEqual(use);
    expect(wrongInPin(draftOfPin(use)).size).toBe(0);
  });

  test('needs a name and sensible numbers, of its own direction only', () => {
    expect([...wrongInPin(draftOfPin(null))]).toEqual(['name']);
    expect([...wrongInPin({ ...draftOfPin(siren), pulseSeconds: '90', debounceMs: 'x' })]).toEqual(['pulseSeconds']);
    expect([...wrongInPin({ ...draftOfPin(door), debounceMs: '1', recordSeconds: '' })]).toEqual(['debounceMs', 'recordSeconds']);
  });
});

describe('the pins of the board', () => {
  test('follow what the device tells and what is done to them', async () => {
    const board = { chip: 'pinctrl-rp1', through: 'sysfs' as const, pins: [pin(17), pin(18)] };
    const store = createPins({
      pins: async () => ({ kind: 'ok', value: board }),
      assignPin: async (line, use) => ({ kind: 'ok', value: pin(line, { use, active: false }) }),
      clearPin: async () => ({ kind: 'ok', value: null }),
      testPin: async (line) => ({ kind: 'ok', value: pin(line, { use: siren, active: true }) }),
      switchPin: async (line, on) => ({ kind: 'ok', value: pin(line, { use: siren, active: on }) }),
      identify: async () => ({ kind: 'ok', value: null }),
    });
    store.receive({ type: 'pin', pin: pin(17, { active: true }) });
    expect(store.board.value.value).toBeNull();
    await store.load();
    await store.assign(18, siren);
    await store.switch(18, true);
    store.receive({ type: 'pin', pin: pin(17, { active: true }) });
    expect(store.board.value.value?.pins.map(({ line, active }) => [line, active])).toEqual([
      [17, true],
      [18, true],
    ]);
    await store.clear(18);
    expect(store.board.value.value?.pins[1]?.use).toBeNull();
  });
});
