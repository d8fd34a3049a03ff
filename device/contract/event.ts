import { z } from 'zod';
import { boxSchema } from './camera.ts';
import { noticeKinds } from './notice-kinds.ts';
import { clockTrustSchema, instantSchema } from './time.ts';

export const eventKinds = [
  'motion',
  /** What a network camera noticed by itself. */
  ...noticeKinds.map((kind) => `noticed.${kind}` as const),
  'camera.offline',
  'camera.online',
  'camera.day',
  'camera.night',
  'storage.alarm',
  'clock.stepped',
  'network.changed',
  'device.started',
  'pin.input',
  'pin.output',
  'power.weak',
  'device.strained',
  'device.wedged',
  'access.reset',
  /** A new release records from the cameras that recorded before. */
  'update.worked',
  /** It does not. */
  'update.failed',
  /** The release before runs again. */
  'update.rolled-back',
  /** An older release put back what a newer one had changed. */
  'data.restored',
] as const;
export type EventKind = (typeof eventKinds)[number];

export const eventSchema = z
  .object({
    id: z.string(),
    /** null for what concerns the whole device. */
    cameraId: z.string().nullable(),
    kind: z.enum(eventKinds),
    start: instantSchema,
    /** null while it lasts. */
    end: instantSchema.nullable(),
    /** 0 to 1, how sure; null for kinds that are not detected. */
    score: z.number().nullable(),
    /** Where, at its best moment. */
    boxes: z.array(boxSchema),
    /** Names of the zones touched. */
    zones: z.array(z.string()),
    /** The recording in which it begins; null when none was made (yet). */
    recordingId: z.string().nullable(),
    /** Plain words, e.g. why a camera went offline. */
    message: z.string().nullable(),
    hasPicture: z.boolean(),
    clock: clockTrustSchema,
  })
  .meta({ id: 'Event' });
export type Event = z.infer<typeof eventSchema>;
