import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { writeFileAtomically } from '#device/kernel/atomic-file.ts';

/** A release: what it calls itself, a fingerprint of its program, and what the owner's fleet calls it; null while nobody told. */
const releaseSchema = z.object({ version: z.string().max(100), build: z.string().max(100), commit: z.string().max(200).nullable() });
export type Release = z.infer<typeof releaseSchema>;

const trialSchema = z.object({
  release: releaseSchema,
  /** The one before, that worked. */
  from: releaseSchema,
  /** Ids of the cameras that recorded under it. */
  cameras: z.array(z.string()),
  startedWallMs: z.number(),
  /** How often this release started within one boot of the machine, and within how many boots; this time included. */
  starts: z.number().int(),
  boots: z.number().int(),
  bootId: z.string(),
});
export type Trial = z.infer<typeof trialSchema>;

const refusalSchema = z.object({
  release: releaseSchema,
  goBackTo: releaseSchema,
  /** Whether the device followed its fleet before; null until that was asked. */
  wasTracking: z.boolean().nullable(),
  /** The fleet was told to give this device the release before. */
  isPinned: z.boolean(),
});
export type Refusal = z.infer<typeof refusalSchema>;

const verdictSchema = z.object({
  outcome: z.enum(['worked', 'failed', 'going-back', 'rolled-back']),
  from: releaseSchema,
  to: releaseSchema,
  startedWallMs: z.number(),
  message: z.string(),
});
export type Verdict = z.infer<typeof verdictSchema>;

/** What is remembered across releases and power cuts. Later releases may add fields; none that is here may ever change its meaning. */
const recordSchema = z.object({
  /** The release that worked last. */
  good: releaseSchema.nullable(),
  /** Ids of the cameras that recorded, or stood ready to, when it was last looked at. */
  cameras: z.array(z.string()),
  trial: trialSchema.nullable(),
  verdict: verdictSchema.nullable(),
  refusal: refusalSchema.nullable(),
});
export type ReleaseRecord = z.infer<typeof recordSchema>;

export const emptyRecord: ReleaseRecord = { good: null, cameras: [], trial: null, verdict: null, refusal: null };

export interface RecordStore {
  /** A record that is absent or torn is as none: the release that runs is then taken for good. */
  read(): Promise<ReleaseRecord>;
  /** Whole or not at all. */
  write(record: ReleaseRecord): Promise<void>;
}

export function recordStoreAt(file: string): RecordStore {
  return {
    read: async () => {
      try {
        return recordSchema.parse(JSON.parse(await readFile(file, 'utf8')));
      } catch {
        return emptyRecord;
      }
    },
    write: (record) => writeFileAtomically(file, `${JSON.stringify(record, null, 2)}\n`),
  };
}
