import { z } from 'zod';
import { instantSchema } from './time.ts';

export const healthLevelSchema = z.enum(['ok', 'note', 'warning', 'failed']).meta({ id: 'HealthLevel' });
export type HealthLevel = z.infer<typeof healthLevelSchema>;

export const healthCheckSchema = z
  .object({
    /** Stable, dotted: `storage.space`, `camera.front.frames`, `network.mdns`. */
    id: z.string(),
    level: healthLevelSchema,
    /** What was found, with its value and unit. */
    message: z.string(),
    /** What to do about it; absent when all is well. */
    action: z.string().optional(),
    value: z.number().optional(),
    unit: z.string().optional(),
  })
  .meta({ id: 'HealthCheck' });
export type HealthCheck = z.infer<typeof healthCheckSchema>;

/** Worst level of all checks; the short form is all that is said without login. */
export const shortHealthSchema = z
  .object({ status: healthLevelSchema, claimed: z.boolean(), version: z.string() })
  .meta({ id: 'ShortHealth' });
export type ShortHealth = z.infer<typeof shortHealthSchema>;

export const healthSchema = shortHealthSchema.extend({ time: instantSchema, checks: z.array(healthCheckSchema) }).meta({ id: 'Health' });
export type Health = z.infer<typeof healthSchema>;
