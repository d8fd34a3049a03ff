import { z } from 'zod';
import { clockTrustSchema, recordingTriggerSchema } from '#device/contract/contract.ts';
import { Failure } from '#device/kernel/failure.ts';
import type { RecordingRow } from './model.ts';

const idPattern = '[a-zA-Z0-9-]{1,64}';
const cameraIdPattern = '[a-zA-Z0-9][a-zA-Z0-9_-]{0,79}';
const recordingPathPattern = new RegExp(`^${cameraIdPattern}/(approx-)?\\d{8}T\\d{6}Z-${idPattern}\\.mp4$`);

/** The year 2100: lists by day go from the oldest to the newest. */
const latestWallMs = 4_102_444_800_000;
/** A century of running. */
const longestBootMs = 3_155_760_000_000;

/** What every file says about itself, so that one without a row can be taken in with everything known. True when it was begun; later changes are in the index alone. */
const fileMetadataSchema = z.object({
  version: z.literal(1),
  id: z.string().regex(new RegExp(`^${idPattern}$`)),
  cameraId: z.string().regex(new RegExp(`^${cameraIdPattern}$`)),
  cameraName: z.string().max(256),
  bootId: z.string().max(80),
  startBootMs: z.number().min(-longestBootMs).max(longestBootMs),
  startWallMs: z.number().min(0).max(latestWallMs),
  clock: clockTrustSchema,
  trigger: recordingTriggerSchema,
  videoCodecString: z.string().max(80),
  width: z.number().int().min(1).max(65_535),
  height: z.number().int().min(1).max(65_535),
  hasAudio: z.boolean(),
});
export type FileMetadata = z.infer<typeof fileMetadataSchema>;

export function encodeMetadata(metadata: FileMetadata): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(metadata));
}

/** null when the bytes are not metadata this release understands. */
export function decodeMetadata(bytes: Uint8Array): FileMetadata | null {
  try {
    return fileMetadataSchema.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  } catch {
    return null;
  }
}

/** Whether a recording could have this path, relative to the recordings folder. */
export function isRecordingPath(path: string): boolean {
  return recordingPathPattern.test(path);
}

/** `<cameraId>/<YYYYMMDDTHHMMSSZ>-<id>.mp4`, with `approx-` in front of the time while the clock is not set. Throws Failure for an id that is no folder name. */
export function recordingPath(recording: Pick<RecordingRow, 'id' | 'cameraId' | 'startWallMs' | 'clock'>): string {
  if (!fileMetadataSchema.shape.cameraId.safeParse(recording.cameraId).success) {
    throw new Failure('invalid-input', 'The camera has an identifier under which nothing can be stored.');
  }
  const time = new Date(recording.startWallMs).toISOString().replace(/\.\d+/, '').replaceAll(/[-:]/g, '');
  return `${recording.cameraId}/${recording.clock === 'set' ? '' : 'approx-'}${time}-${recording.id}.mp4`;
}
