import { z } from 'zod';
import { instantSchema } from './time.ts';

/**
 * `package`: nothing on this machine updates it, updates come as a package. `current`: nothing newer is known. `downloading`: see
 * `progressPercent`. `applying`: it is on the device and is being put in place. `unknown`: who updates it does not answer now.
 */
export const updateStateSchema = z.enum(['package', 'current', 'downloading', 'applying', 'unknown']).meta({ id: 'UpdateState' });
export type UpdateState = z.infer<typeof updateStateSchema>;

/** `on-trial`: not known yet. `worked`: it records as before. `failed`: it does not, and cannot be taken back by itself. `going-back`, `rolled-back`: so is it done. */
export const updateOutcomeSchema = z.enum(['on-trial', 'worked', 'failed', 'going-back', 'rolled-back']).meta({ id: 'UpdateOutcome' });
export type UpdateOutcome = z.infer<typeof updateOutcomeSchema>;

/** Did the update work? */
export const lastUpdateSchema = z
  .object({
    outcome: updateOutcomeSchema,
    fromVersion: z.string(),
    toVersion: z.string(),
    /** When it started for the first time. */
    started: instantSchema,
    /** In a person's words: what was seen, or why it failed. */
    message: z.string(),
    /** What the owner may do; absent when nothing is to be done. */
    action: z.string().optional(),
  })
  .meta({ id: 'LastUpdate' });
export type LastUpdate = z.infer<typeof lastUpdateSchema>;

export const updateStatusSchema = z
  .object({
    state: updateStateSchema,
    version: z.string(),
    /** Names the release in the owner's fleet; null when nobody told it. */
    release: z.string().nullable(),
    /** Of the download, 0 to 100. */
    progressPercent: z.number().min(0).max(100).nullable(),
    /** Of the system below, where there is one that updates. */
    operatingSystem: z.string().nullable(),
    lastUpdate: lastUpdateSchema.nullable(),
    /** A release that failed here and is not tried again by itself. */
    refusedVersion: z.string().nullable(),
    /** The device can be rebooted, shut down, restarted and asked to look for an update. */
    canCommand: z.boolean(),
  })
  .meta({ id: 'UpdateStatus' });
export type UpdateStatus = z.infer<typeof updateStatusSchema>;
