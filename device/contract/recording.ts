import { z } from 'zod';
import { clockTrustSchema, instantSchema } from './time.ts';

export const recordingTriggerSchema = z.enum(['motion', 'continuous', 'manual']).meta({ id: 'RecordingTrigger' });
export type RecordingTrigger = z.infer<typeof recordingTriggerSchema>;

export const recordingStateSchema = z.enum(['writing', 'closed', 'deleting', 'quarantined']).meta({ id: 'RecordingState' });
export type RecordingState = z.infer<typeof recordingStateSchema>;

export const recordingSchema = z
  .object({
    id: z.string(),
    cameraId: z.string(),
    /** The camera's name when it was recorded. */
    cameraName: z.string(),
    start: instantSchema,
    durationMs: z.number(),
    sizeBytes: z.number().int(),
    trigger: recordingTriggerSchema,
    state: recordingStateSchema,
    clock: clockTrustSchema,
    protected: z.boolean(),
    /** Repaired after a power cut. */
    repaired: z.boolean(),
    videoCodecString: z.string(),
    width: z.number().int(),
    height: z.number().int(),
    hasAudio: z.boolean(),
    /** The name under which a Kerberos Vault would take it. */
    fileName: z.string(),
  })
  .meta({ id: 'Recording' });
export type Recording = z.infer<typeof recordingSchema>;

/** A stretch of video of one camera, for the timeline. */
export const coverageSpanSchema = z
  .object({ start: instantSchema, end: instantSchema, trigger: recordingTriggerSchema, recordingId: z.string() })
  .meta({ id: 'CoverageSpan' });
export type CoverageSpan = z.infer<typeof coverageSpanSchema>;
