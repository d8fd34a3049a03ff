import { z } from 'zod';
import { eventKinds, instantSchema, limits, recordingTriggerSchema } from '#device/contract/contract.ts';
import { Failure } from '#device/kernel/failure.ts';

/** What requests may ask for after the question mark. Times are ISO 8601 with a zone. */

const idSchema = z.string().min(1).max(200);
const yesOrNoSchema = z.enum(['true', 'false']);

const pageShape = {
  limit: z.coerce.number<string>().int().min(1).max(limits.pageSizeMax).optional(),
  cursor: z.string().min(1).max(500).optional(),
};

export const idParamSchema = z.object({ id: idSchema });

/** A pin of the board, as the maker counts. */
export const lineParamSchema = z.object({ line: z.coerce.number<string>().int().min(0).max(limits.highestPinLine) });

/** `<id>.mp4` */
export const fileParamSchema = z.object({ file: z.string().min(5).max(204) });

export const spanQuerySchema = z.object({ from: instantSchema, to: instantSchema });

export const exportQuerySchema = spanQuerySchema.extend({ download: z.string().max(5).optional() });

export const downloadQuerySchema = z.object({ download: z.string().max(5).optional() });

export const recordingsQuerySchema = z.object({
  camera: idSchema.optional(),
  from: instantSchema.optional(),
  to: instantSchema.optional(),
  trigger: recordingTriggerSchema.optional(),
  protected: yesOrNoSchema.optional(),
  order: z.enum(['newest', 'oldest']).optional(),
  ...pageShape,
});

export const eventsQuerySchema = z.object({
  camera: idSchema.optional(),
  kind: z.enum(eventKinds).optional(),
  from: instantSchema.optional(),
  to: instantSchema.optional(),
  ...pageShape,
});

export const cameraQuerySchema = z.object({ camera: idSchema.optional() });

export const removeCameraQuerySchema = z.object({ deleteRecordings: yesOrNoSchema.optional() });

/** Both ends in wall-clock milliseconds; `longestMs` bounds the work one request can cause. */
export function spanOf(query: { from: string; to: string }, longestMs: number): { fromMs: number; toMs: number } {
  const fromMs = Date.parse(query.from);
  const toMs = Date.parse(query.to);
  if (toMs <= fromMs) throw new Failure('invalid-input', '"to" must be later than "from".');
  if (toMs - fromMs > longestMs) {
    throw new Failure('invalid-input', `The span is too long: at most ${Math.round(longestMs / 3_600_000)} hours.`);
  }
  return { fromMs, toMs };
}

/** Only what was asked for, with the names the rooms use. */
export function filterOf(query: {
  camera?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  limit?: number | undefined;
  cursor?: string | undefined;
}) {
  return {
    ...(query.camera === undefined ? {} : { cameraId: query.camera }),
    ...(query.from === undefined ? {} : { fromMs: Date.parse(query.from) }),
    ...(query.to === undefined ? {} : { toMs: Date.parse(query.to) }),
    limit: query.limit ?? limits.pageSizeDefault,
    ...(query.cursor === undefined ? {} : { cursor: query.cursor }),
  };
}
