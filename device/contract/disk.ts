import { z } from 'zod';

/** What a file system calls itself. */
const volumeIdSchema = z.string().regex(/^[0-9A-Fa-f-]{4,64}$/);

/** A disk beside the one that the device runs from. */
export const diskSchema = z
  .object({
    /** Of this very disk, for as long as it is plugged in. */
    id: z.string(),
    /** What the kernel calls it, e.g. `sda`. */
    name: z.string(),
    /** Maker and model, as far as it tells. */
    model: z.string(),
    sizeBytes: z.number().int().min(0),
    /** Whether it told what is on it. While it does not, it is neither chosen nor erased. */
    answers: z.boolean(),
    /** Recordings can be kept on it as it is, under this id; null: it has to be erased first. */
    volumeId: volumeIdSchema.nullable(),
    /** What was found on it, e.g. `vfat “PHOTOS”`; null when nothing was. */
    content: z.string().nullable(),
  })
  .meta({ id: 'Disk' });
export type Disk = z.infer<typeof diskSchema>;

export const recordingPlaceSchema = z
  .object({
    /** Where recordings are kept; null: where the device keeps everything. */
    volumeId: volumeIdSchema.nullable(),
    /** Whether it is there. */
    isThere: z.boolean(),
    /** Why no other disk can be used here; null when one can. */
    unavailable: z.string().nullable(),
    disks: z.array(diskSchema),
  })
  .meta({ id: 'RecordingPlace' });
export type RecordingPlace = z.infer<typeof recordingPlaceSchema>;

export const recordingPlaceChangeSchema = recordingPlaceSchema.pick({ volumeId: true }).meta({ id: 'RecordingPlaceChange' });
export type RecordingPlaceChange = z.infer<typeof recordingPlaceChangeSchema>;
