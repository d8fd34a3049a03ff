import { z } from 'zod';
import { errorKinds } from './errors.ts';
import { limits } from './limits.ts';
import { noticeSettingsSchema } from './notice.ts';
import { piSourceSchema } from './pi-camera.ts';
import { weeklyScheduleSchema } from './schedule.ts';
import { instantSchema } from './time.ts';
import { timeLapseSettingsSchema } from './time-lapse.ts';
import { typedName } from './typed-name.ts';
import { usbSourceSchema } from './usb.ts';

const nameSchema = z.string().trim().min(1).max(limits.nameLength);
const urlSchema = z.string().trim().min(1).max(limits.urlLength);

const rtspSourceSchema = z.object({
  kind: z.literal('rtsp'),
  /** rtsp:// or rtsps://; a user and password in it are moved to `username` and `password`. */
  url: urlSchema,
  /** A smaller stream of the same camera, decoded for detection instead of the main one. */
  subUrl: urlSchema.optional(),
  transport: z.enum(['tcp', 'udp']).default('tcp'),
  username: z.string().max(limits.usernameMaxLength).optional(),
  /** Written, never answered: answers carry `hasPassword` instead. */
  password: z.string().max(limits.passwordMaxLength).optional(),
  /** PEM of the authority that signed an RTSPS camera's certificate. */
  caPem: z.string().max(65_536).optional(),
  /** Where the camera answers ONVIF, with the same user and password: turning it, its own events. */
  onvifUrl: urlSchema.optional(),
});

const fileSourceSchema = z.object({
  kind: z.literal('file'),
  /** A path or file:// URL on the device, played in real time. */
  url: urlSchema,
  loop: z.boolean().default(true),
});

const demoSourceSchema = z.object({ kind: z.literal('demo') });

export const cameraSourceSchema = z
  .discriminatedUnion('kind', [rtspSourceSchema, fileSourceSchema, demoSourceSchema, usbSourceSchema, piSourceSchema])
  .meta({ id: 'CameraSource' });
export type CameraSource = z.infer<typeof cameraSourceSchema>;
export type RtspSource = z.infer<typeof rtspSourceSchema>;
export type FileSource = z.infer<typeof fileSourceSchema>;

/** The source as the API answers it: no password, no user information in URLs. */
export const publicCameraSourceSchema = z
  .discriminatedUnion('kind', [
    rtspSourceSchema.omit({ password: true }).extend({ hasPassword: z.boolean() }),
    fileSourceSchema,
    demoSourceSchema,
    piSourceSchema,
    usbSourceSchema,
  ])
  .meta({ id: 'PublicCameraSource' });
export type PublicCameraSource = z.infer<typeof publicCameraSourceSchema>;

/** A point of the picture, 0 to 1 from the left and from the top. */
export const pointSchema = z.object({ x: z.number().min(0).max(1), y: z.number().min(0).max(1) }).meta({ id: 'Point' });
export type Point = z.infer<typeof pointSchema>;

/** A rectangle of the picture, all four 0 to 1; `x` and `y` are its left top corner. */
export const boxSchema = z
  .object({ x: z.number(), y: z.number(), width: z.number(), height: z.number(), score: z.number() })
  .meta({ id: 'Box' });
export type Box = z.infer<typeof boxSchema>;

export const zoneSchema = z
  .object({
    name: nameSchema,
    /** With no include zone the whole picture is watched; exclude zones are cut out of what is watched. */
    kind: z.enum(['include', 'exclude']),
    points: z.array(pointSchema).min(3).max(limits.pointsPerZone),
  })
  .meta({ id: 'Zone' });
export type Zone = z.infer<typeof zoneSchema>;

export const recordingModeSchema = z.enum(['off', 'events', 'continuous', 'both']).meta({ id: 'RecordingMode' });
export type RecordingMode = z.infer<typeof recordingModeSchema>;

export const recordingSettingsSchema = z
  .object({
    mode: recordingModeSchema,
    preRollMs: z.number().int().min(limits.preRollMinMs).max(limits.preRollMaxMs),
    postRollMs: z.number().int().min(0).max(limits.postRollMaxMs),
    maxLengthMs: z.number().int().min(limits.maxLengthMinMs).max(limits.maxLengthMaxMs),
    audio: z.boolean(),
    schedule: weeklyScheduleSchema.nullable(),
    /** Recordings older than this go; null keeps them until space is needed. */
    maxAgeDays: z.number().positive().max(3650).nullable(),
    /** All recordings of this camera together; null is no limit of its own. */
    maxBytes: z.number().int().positive().nullable(),
  })
  .meta({ id: 'RecordingSettings' });
export type RecordingSettings = z.infer<typeof recordingSettingsSchema>;

/** What a camera gets that says nothing about it. No schema carries defaults: a partial change must never reset what it does not name. */
export const defaultRecordingSettings: RecordingSettings = {
  mode: 'events',
  preRollMs: 10_000,
  postRollMs: 20_000,
  maxLengthMs: 300_000,
  audio: true,
  schedule: null,
  maxAgeDays: null,
  maxBytes: null,
};

export const motionSettingsSchema = z
  .object({
    enabled: z.boolean(),
    /** 1 notices only large changes, 100 notices the smallest. */
    sensitivity: z.number().int().min(1).max(100),
    zones: z.array(zoneSchema).max(limits.zonesPerCamera),
  })
  .meta({ id: 'MotionSettings' });
export type MotionSettings = z.infer<typeof motionSettingsSchema>;

export const defaultMotionSettings: MotionSettings = { enabled: true, sensitivity: 50, zones: [] };

/** A camera as it is configured; with `source` still carrying its password. Never leaves the device. */
export const cameraConfigSchema = z.object({
  id: z.string().min(1).max(80),
  name: nameSchema,
  enabled: z.boolean(),
  source: cameraSourceSchema,
  recording: recordingSettingsSchema,
  motion: motionSettingsSchema,
  notices: noticeSettingsSchema,
  timeLapse: timeLapseSettingsSchema,
});
export type CameraConfig = z.infer<typeof cameraConfigSchema>;

export const newCameraSchema = z
  .object({
    name: typedName(limits.nameLength),
    enabled: z.boolean().optional(),
    source: cameraSourceSchema,
    recording: recordingSettingsSchema.partial().optional(),
    motion: motionSettingsSchema.partial().optional(),
    notices: noticeSettingsSchema.partial().optional(),
    timeLapse: timeLapseSettingsSchema.partial().optional(),
    /** Save it even when the probe finds something wrong, for a camera that is not mounted yet. */
    saveAnyway: z.boolean().optional(),
  })
  .meta({ id: 'NewCamera' });
export type NewCamera = z.infer<typeof newCameraSchema>;

export const cameraChangeSchema = newCameraSchema.partial().meta({ id: 'CameraChange' });
export type CameraChange = z.infer<typeof cameraChangeSchema>;

export const cameraStateSchema = z.enum(['connecting', 'online', 'offline', 'disabled']).meta({ id: 'CameraState' });
export type CameraState = z.infer<typeof cameraStateSchema>;

/** What is really coming in. */
export const streamInfoSchema = z
  .object({
    videoCodec: z.enum(['h264', 'h265', 'mjpeg']),
    /** RFC 6381, as a browser's `MediaSource.isTypeSupported` wants it. */
    videoCodecString: z.string(),
    width: z.number().int(),
    height: z.number().int(),
    framesPerSecond: z.number().nullable(),
    audioCodec: z.enum(['aac']).nullable(),
    /** Time between key pictures; null until two were seen. */
    keyIntervalMs: z.number().nullable(),
    bitsPerSecond: z.number().nullable(),
  })
  .meta({ id: 'StreamInfo' });
export type StreamInfo = z.infer<typeof streamInfoSchema>;

export const cameraStatusSchema = z.object({
  state: cameraStateSchema,
  /** Since when it is in this state. */
  since: instantSchema,
  /** Why it is not online, in a person's words, and what to do. */
  problem: z.object({ kind: z.enum(errorKinds), message: z.string(), action: z.string().optional() }).nullable(),
  /** Age of the newest frame; null before the first. Never show a picture without it. */
  lastFrameAgeMs: z.number().nullable(),
  stream: streamInfoSchema.nullable(),
  recordingNow: z.boolean(),
  motionNow: z.boolean(),
  restarts: z.number().int(),
  /** What the sensor itself finds, from its gain and the light on it; absent where no sensor tells. */
  light: z.object({ state: z.enum(['day', 'night']), since: instantSchema }).optional(),
  /** Things the owner should know though the camera works, e.g. a very long key interval. */
  notes: z.array(z.string()),
});
export type CameraStatus = z.infer<typeof cameraStatusSchema>;

export const cameraSchema = cameraConfigSchema
  .omit({ source: true })
  .extend({ source: publicCameraSourceSchema, state: cameraStateSchema, status: cameraStatusSchema })
  .meta({ id: 'Camera' });
export type Camera = z.infer<typeof cameraSchema>;

/**
 * A source as such, or what would be sent to add the camera: everything but its source is then left aside.
 * With the id of a saved camera, secrets that the source does not name are that camera's.
 */
export const probeRequestSchema = z
  .union([cameraSourceSchema, z.object({ source: cameraSourceSchema, cameraId: z.string().max(80).optional() })], {
    error: 'Send a source: its kind (rtsp, file, usb, pi or demo) and what belongs to it, such as its url.',
  })
  .meta({ id: 'ProbeRequest' });

/** What probing a source found: the stream, and anything worth telling about it. */
export const probeResultSchema = z
  .object({
    stream: streamInfoSchema,
    /** Present when the source names a sub-stream. */
    subStream: streamInfoSchema.nullable(),
    audioFound: z.string().nullable(),
    /** Plain words, e.g. "1920×1080 H.264 at 20 frames a second, with sound". */
    summary: z.string(),
    warnings: z.array(z.string()),
  })
  .meta({ id: 'ProbeResult' });
export type ProbeResult = z.infer<typeof probeResultSchema>;
