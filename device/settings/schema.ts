import { z } from 'zod';
import {
  type CameraConfig,
  cameraConfigSchema,
  type DeviceSettings,
  defaultHardwareSettings,
  defaultNoticeSettings,
  defaultTimeLapseSettings,
  deviceSettingsSchema,
  hardwareSettingsSchema,
  limits,
  motionSettingsSchema,
  noticeSettingsSchema,
  recordingSettingsSchema,
  timeLapseSettingsSchema,
} from '#device/contract/contract.ts';

/** The version this release writes. Each step up to it is in migrations.ts. */
export const settingsVersion = 1;

/** What the owner chose for a camera that the environment defines: its name and source are never in the file. */
const cameraChoicesSchema = z.object({
  enabled: z.boolean().optional(),
  recording: recordingSettingsSchema.partial().optional(),
  motion: motionSettingsSchema.partial().optional(),
  notices: noticeSettingsSchema.partial().optional(),
  timeLapse: timeLapseSettingsSchema.partial().optional(),
});
export type CameraChoices = z.infer<typeof cameraChoicesSchema>;

export const settingsFileSchema = z.object({
  version: z.literal(settingsVersion),
  /** What came to be known after version 1 without changing what was there: files that do not say it yet mean what a fresh one says. */
  device: deviceSettingsSchema.extend({ hardware: hardwareSettingsSchema.default(defaultHardwareSettings) }),
  cameras: z
    .array(
      cameraConfigSchema.extend({
        notices: noticeSettingsSchema.default(defaultNoticeSettings),
        timeLapse: timeLapseSettingsSchema.default(defaultTimeLapseSettings),
      }),
    )
    .max(limits.cameras),
  environmentCameras: z.record(z.string(), cameraChoicesSchema),
  /** Ids of removed cameras: their recordings may still be there, so no other camera gets the id. */
  retiredCameraIds: z.array(z.string()),
});
export type SettingsFile = z.infer<typeof settingsFileSchema>;

export function freshSettings(timeZone: string): SettingsFile {
  return {
    version: settingsVersion,
    device: {
      deviceName: 'Kerberos',
      timeZone,
      storage: { maxBytes: null, minFreeBytes: 500_000_000, maxAgeDays: null },
      network: { hostName: 'kerberos', announce: true, timeServers: [] },
      hardware: defaultHardwareSettings,
    },
    cameras: [],
    environmentCameras: {},
    retiredCameraIds: [],
  };
}

/** What a change interrupts: nothing, the pictures of one camera, or everything. Ordered from cheap to dear. */
const changeCosts = ['live', 'restart-camera', 'restart-device'] as const;
export type ChangeCost = (typeof changeCosts)[number];

/** One cost for each field, or for a group that changes as one; the type makes a new field without a cost an error. */
type CostsOf<T> = { [K in keyof T]-?: ChangeCost | (NonNullable<T[K]> extends object ? CostsOf<NonNullable<T[K]>> : never) };

export const deviceCosts: CostsOf<DeviceSettings> = {
  deviceName: 'live',
  timeZone: 'live',
  storage: 'live',
  network: 'live',
  hardware: { pins: 'live', statusLights: 'live', watchdog: 'restart-device' },
};

export const cameraCosts: CostsOf<CameraConfig> = {
  id: 'restart-camera',
  name: 'live',
  enabled: 'restart-camera',
  source: 'restart-camera',
  recording: {
    mode: 'live',
    preRollMs: 'live',
    postRollMs: 'live',
    maxLengthMs: 'live',
    audio: 'restart-camera',
    schedule: 'live',
    maxAgeDays: 'live',
    maxBytes: 'live',
  },
  motion: { enabled: 'restart-camera', sensitivity: 'live', zones: 'live' },
  notices: { enabled: 'live', kinds: 'live' },
  timeLapse: 'live',
};

/** The dearest cost of all fields in which two cameras or two device settings differ; null when they are equal. */
export function costOfChange(costs: ChangeCost | object, before: unknown, after: unknown): ChangeCost | null {
  if (isSame(before, after)) return null;
  if (typeof costs === 'string') return costs;
  const found = Object.entries<ChangeCost | object>({ ...costs }).map(([field, cost]) =>
    costOfChange(cost, fieldOf(before, field), fieldOf(after, field)),
  );
  const dearest = Math.max(...found.map((cost) => (cost ? changeCosts.indexOf(cost) : -1)));
  return changeCosts[dearest] ?? null;
}

function fieldOf(value: unknown, field: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, field) : undefined;
}

export function isSame(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  const fields = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...fields].every((field) => isSame(fieldOf(left, field), fieldOf(right, field)));
}
