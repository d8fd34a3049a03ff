import { z } from 'zod';
import { limits } from './limits.ts';

const minutesOfDaySchema = z.number().int().min(0).max(1440);

/** Seven days, Monday first; each a list of spans in minutes of the local day. An empty list is never, absent schedule is always. */
export const weeklyScheduleSchema = z
  .array(z.array(z.object({ fromMinute: minutesOfDaySchema, toMinute: minutesOfDaySchema })).max(limits.scheduleSpansPerDay))
  .length(7)
  .meta({ id: 'WeeklySchedule' });
export type WeeklySchedule = z.infer<typeof weeklyScheduleSchema>;
