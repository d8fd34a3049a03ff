import type { Camera, CameraChange, NoticeKind, WeeklySchedule, Zone } from '../api/api.ts';
import { limits, noticeKinds } from '../api/api.ts';
import { draftOfSource, type SourceDraft, sameSource, sourceOfDraft } from './camera-draft.ts';
import { typedNumber } from './typed-number.ts';

/** A camera's settings while they are edited; numbers as they are typed, in the units a person thinks in. */
export interface CameraDraft {
  name: string;
  enabled: boolean;
  source: SourceDraft;
  mode: Camera['recording']['mode'];
  preRollSeconds: string;
  postRollSeconds: string;
  maxLengthSeconds: string;
  audio: boolean;
  schedule: WeeklySchedule | null;
  maxAgeDays: string;
  maxGigabytes: string;
  motionEnabled: boolean;
  sensitivity: number;
  zones: Zone[];
  noticesEnabled: boolean;
  noticeKinds: readonly NoticeKind[];
  lapseEnabled: boolean;
  lapseIntervalMs: number;
  lapseFullSize: boolean;
  lapseSchedule: WeeklySchedule | null;
  lapseMaxAgeDays: string;
  lapseMaxGigabytes: string;
}

const typed = (value: number | null): string => (value === null ? '' : String(value));

const inGigabytes = (bytes: number | null): number | null => (bytes === null ? null : bytes / 1e9);

export const draftOfCamera = ({ name, enabled, source, recording, motion, notices, timeLapse }: Camera): CameraDraft => ({
  name,
  enabled,
  source: draftOfSource(source),
  mode: recording.mode,
  preRollSeconds: typed(recording.preRollMs / 1000),
  postRollSeconds: typed(recording.postRollMs / 1000),
  maxLengthSeconds: typed(recording.maxLengthMs / 1000),
  audio: recording.audio,
  schedule: recording.schedule,
  maxAgeDays: typed(recording.maxAgeDays),
  maxGigabytes: typed(inGigabytes(recording.maxBytes)),
  motionEnabled: motion.enabled,
  sensitivity: motion.sensitivity,
  zones: motion.zones,
  noticesEnabled: notices.enabled,
  noticeKinds: notices.kinds,
  lapseEnabled: timeLapse.enabled,
  lapseIntervalMs: timeLapse.intervalMs,
  lapseFullSize: timeLapse.fullSize,
  lapseSchedule: timeLapse.schedule,
  lapseMaxAgeDays: typed(timeLapse.maxAgeDays),
  lapseMaxGigabytes: typed(inGigabytes(timeLapse.maxBytes)),
});

/** In the order in which they are offered, whatever was chosen first. */
export const withNoticeKind = (chosen: readonly NoticeKind[], kind: NoticeKind, isOn: boolean): NoticeKind[] =>
  noticeKinds.filter((other) => (other === kind ? isOn : chosen.includes(other)));

export type NumberField =
  | 'preRollSeconds'
  | 'postRollSeconds'
  | 'maxLengthSeconds'
  | 'maxAgeDays'
  | 'maxGigabytes'
  | 'lapseMaxAgeDays'
  | 'lapseMaxGigabytes';

/** Least and most of each. */
export const bounds: Readonly<Record<NumberField, readonly [number, number]>> = {
  preRollSeconds: [limits.preRollMinMs / 1000, limits.preRollMaxMs / 1000],
  postRollSeconds: [0, limits.postRollMaxMs / 1000],
  maxLengthSeconds: [limits.maxLengthMinMs / 1000, limits.maxLengthMaxMs / 1000],
  maxAgeDays: [0.01, 3650],
  maxGigabytes: [0.001, 1e6],
  lapseMaxAgeDays: [1, 3650],
  lapseMaxGigabytes: [0.01, 1e6],
};

export const mayBeEmpty: readonly NumberField[] = ['maxAgeDays', 'maxGigabytes', 'lapseMaxAgeDays', 'lapseMaxGigabytes'];

/** The fields that cannot be saved as they are. */
export const wrongFields = (draft: CameraDraft): ReadonlySet<NumberField | 'name' | 'source' | 'zones'> => {
  const wrong = new Set<NumberField | 'name' | 'source' | 'zones'>();
  for (const field of Object.keys(bounds) as NumberField[]) {
    const value = typedNumber(draft[field], ...bounds[field]);
    if (value === undefined || (value === null && !mayBeEmpty.includes(field))) wrong.add(field);
  }
  if (!draft.name.trim()) wrong.add('name');
  if (!sourceOfDraft(draft.source)) wrong.add('source');
  if (draft.zones.some((zone) => !zone.name.trim())) wrong.add('zones');
  return wrong;
};

/** Only what differs from the camera: the device restarts nothing that was not changed. null when nothing was. */
export const changeOfDraft = (draft: CameraDraft, camera: Camera): CameraChange | null => {
  const number = (field: NumberField) => typedNumber(draft[field], ...bounds[field]) ?? null;
  const milliseconds = (field: NumberField) => Math.round((number(field) ?? 0) * 1000);
  const bytes = (field: NumberField) => {
    const gigabytes = number(field);
    return gigabytes === null ? null : Math.round(gigabytes * 1e9);
  };
  const recording = changed(camera.recording, {
    mode: draft.mode,
    preRollMs: milliseconds('preRollSeconds'),
    postRollMs: milliseconds('postRollSeconds'),
    maxLengthMs: milliseconds('maxLengthSeconds'),
    audio: draft.audio,
    schedule: draft.schedule,
    maxAgeDays: number('maxAgeDays'),
    maxBytes: bytes('maxGigabytes'),
  });
  const motion = changed(camera.motion, { enabled: draft.motionEnabled, sensitivity: draft.sensitivity, zones: draft.zones });
  const notices = changed(camera.notices, { enabled: draft.noticesEnabled, kinds: [...draft.noticeKinds] });
  const timeLapse = changed(camera.timeLapse, {
    enabled: draft.lapseEnabled,
    intervalMs: draft.lapseIntervalMs,
    fullSize: draft.lapseFullSize,
    schedule: draft.lapseSchedule,
    maxAgeDays: number('lapseMaxAgeDays'),
    maxBytes: bytes('lapseMaxGigabytes'),
  });
  const source = sameSource(draft.source, draftOfSource(camera.source)) ? null : sourceOfDraft(draft.source, camera.source);
  const change: CameraChange = {
    ...changed({ name: camera.name, enabled: camera.enabled }, { name: draft.name.trim(), enabled: draft.enabled }),
    ...(recording ? { recording } : {}),
    ...(motion ? { motion } : {}),
    ...(notices ? { notices } : {}),
    ...(timeLapse ? { timeLapse } : {}),
    ...(source ? { source } : {}),
  };
  return Object.keys(change).length > 0 ? change : null;
};

const changed = <T extends object>(before: T, after: T): Partial<T> | null => {
  const entries = (Object.keys(after) as (keyof T)[]).filter((key) => JSON.stringify(after[key]) !== JSON.stringify(before[key]));
  if (entries.length === 0) return null;
  const change: Partial<T> = {};
  for (const key of entries) change[key] = after[key];
  return change;
};
