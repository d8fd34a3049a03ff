import { z } from 'zod';
import { limits } from './limits.ts';
import { weeklyScheduleSchema } from './schedule.ts';
import { instantSchema } from './time.ts';

export const timeLapseSettingsSchema = z
  .object({
    enabled: z.boolean(),
    /** From picture to picture, counted from midnight UTC, so that every day has its pictures at the same times. */
    intervalMs: z.number().int().min(limits.timeLapseIntervalMinMs).max(limits.timeLapseIntervalMaxMs),
    /** As large as the sensor, for which the video pauses some seconds: Pi cameras alone, once a minute at most, and not while something moves. */
    fullSize: z.boolean(),
    /** When pictures are taken; null is always. */
    schedule: weeklyScheduleSchema.nullable(),
    /** Days older than this go; null keeps them until space is needed. */
    maxAgeDays: z.number().positive().max(3650).nullable(),
    /** All days of this camera together: the oldest go. null is no limit of its own. */
    maxBytes: z.number().int().positive().nullable(),
  })
  .meta({ id: 'TimeLapseSettings' });
export type TimeLapseSettings = z.infer<typeof timeLapseSettingsSchema>;

export const defaultTimeLapseSettings: TimeLapseSettings = {
  enabled: false,
  intervalMs: 300_000,
  fullSize: true,
  schedule: null,
  maxAgeDays: null,
  maxBytes: 5_000_000_000,
};

/** A calendar day of the device's time zone, YYYY-MM-DD. */
export const calendarDaySchema = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'not a day like 2026-06-30');

const reelSummaryShape = { day: calendarDaySchema, sizeBytes: z.number().int() };

/** One day of a camera's time-lapse. */
export const reelSummarySchema = z.object(reelSummaryShape).meta({ id: 'ReelSummary' });
export type ReelSummary = z.infer<typeof reelSummarySchema>;

export const reelSchema = z
  .object({
    ...reelSummaryShape,
    /** When each picture was taken, oldest first. */
    pictures: z.array(instantSchema),
  })
  .meta({ id: 'Reel' });
export type Reel = z.infer<typeof reelSchema>;
