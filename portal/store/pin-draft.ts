import type { PinUse } from '../api/api.ts';
import { typedNumber } from './typed-number.ts';

/** The use of a pin as it is typed; both directions at once, so that a change of mind loses nothing. */
export interface PinDraft {
  direction: PinUse['direction'];
  inputKind: Extract<PinUse, { direction: 'input' }>['kind'];
  outputKind: Extract<PinUse, { direction: 'output' }>['kind'];
  name: string;
  activeLow: boolean;
  debounceMs: string;
  recordSeconds: string;
  mode: Extract<PinUse, { direction: 'output' }>['mode'];
  pulseSeconds: string;
  cameraIds: readonly string[];
}

const fresh: PinDraft = {
  direction: 'input',
  inputKind: 'pir',
  outputKind: 'relay',
  name: '',
  activeLow: false,
  debounceMs: '50',
  recordSeconds: '20',
  mode: 'by-hand',
  pulseSeconds: '1',
  cameraIds: [],
};

export const draftOfPin = (use: PinUse | null): PinDraft => {
  if (!use) return fresh;
  const { direction, name, activeLow } = use;
  if (use.direction === 'input') {
    const numbers = { debounceMs: String(use.debounceMs), recordSeconds: String(use.recordMs / 1000) };
    return { ...fresh, direction, name, activeLow, inputKind: use.kind, cameraIds: use.recordCameraIds, ...numbers };
  }
  const { mode, cameraIds, pulseMs } = use;
  return { ...fresh, direction, name, activeLow, outputKind: use.kind, mode, cameraIds, pulseSeconds: String(pulseMs / 1000) };
};

export const wrongInPin = (draft: PinDraft): ReadonlySet<keyof PinDraft> => {
  const wrong = new Set<keyof PinDraft>();
  if (!draft.name.trim()) wrong.add('name');
  const { direction } = draft;
  if (direction === 'input' && typedNumber(draft.debounceMs, 5, 5_000) == null) wrong.add('debounceMs');
  if (direction === 'input' && typedNumber(draft.recordSeconds, 1, 1_800) == null) wrong.add('recordSeconds');
  if (direction === 'output' && typedNumber(draft.pulseSeconds, 0.05, 60) == null) wrong.add('pulseSeconds');
  return wrong;
};

const milliseconds = (seconds: string): number => Math.round((typedNumber(seconds, 0, 1e6) ?? 0) * 1000);

/** Call with a draft that has nothing wrong. */
export const useOfDraft = (draft: PinDraft): PinUse => {
  const shared = { name: draft.name.trim(), activeLow: draft.activeLow };
  const cameraIds = [...draft.cameraIds];
  if (draft.direction === 'input') {
    const debounceMs = Math.round(typedNumber(draft.debounceMs, 0, 1e6) ?? 0);
    const recordMs = milliseconds(draft.recordSeconds);
    return { direction: 'input', kind: draft.inputKind, ...shared, debounceMs, recordCameraIds: cameraIds, recordMs };
  }
  return { direction: 'output', kind: draft.outputKind, ...shared, mode: draft.mode, cameraIds, pulseMs: milliseconds(draft.pulseSeconds) };
};
