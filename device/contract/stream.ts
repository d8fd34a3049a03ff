import { z } from 'zod';
import { boxSchema, cameraStateSchema, cameraStatusSchema } from './camera.ts';
import { eventSchema } from './event.ts';
import { pinSchema } from './hardware.ts';
import { recordingSchema } from './recording.ts';

/** What `/api/events/stream` sends: the SSE event name is `type`, its data is the whole message. */
export const streamMessageSchema = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('event'), phase: z.enum(['started', 'updated', 'ended']), event: eventSchema }),
    z.object({ type: z.literal('camera'), cameraId: z.string(), status: cameraStatusSchema }),
    z.object({ type: z.literal('camera-removed'), cameraId: z.string() }),
    z.object({ type: z.literal('recording'), recording: recordingSchema }),
    z.object({ type: z.literal('recording-deleted'), recordingId: z.string() }),
    z.object({ type: z.literal('pin'), pin: pinSchema }),
  ])
  .meta({ id: 'StreamMessage' });
export type StreamMessage = z.infer<typeof streamMessageSchema>;

/**
 * The text messages of the live WebSocket (`/api/cameras/:id/live`). Binary messages are ISO BMFF:
 * after each `init` the next binary message is the init segment, all further ones are media segments of it.
 */
export const liveMessageSchema = z
  .discriminatedUnion('type', [
    z.object({
      type: z.literal('init'),
      /** For `MediaSource.addSourceBuffer`. */
      mime: z.string(),
      width: z.number().int(),
      height: z.number().int(),
    }),
    /** Once a second, and at once when the state changes: how old the newest frame is. */
    z.object({ type: z.literal('status'), state: cameraStateSchema, lastFrameAgeMs: z.number().nullable() }),
    /** Frames were left out because this viewer was too slow; the next segment begins with a key picture. */
    z.object({ type: z.literal('skipped') }),
    z.object({ type: z.literal('unsupported'), message: z.string() }),
    /** What the detector sees: how strong the change is and from which strength on it counts (both 0 to 1). */
    z.object({
      type: z.literal('motion'),
      score: z.number(),
      threshold: z.number(),
      moving: z.boolean(),
      boxes: z.array(boxSchema),
    }),
  ])
  .meta({ id: 'LiveMessage' });
export type LiveMessage = z.infer<typeof liveMessageSchema>;
