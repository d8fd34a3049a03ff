import { z } from 'zod';
import { typedName } from './typed-name.ts';

export const storageSettingsSchema = z
  .object({
    /** Oldest recordings go when all together are larger; null: only free space limits. */
    maxBytes: z.number().int().positive().nullable(),
    /** Kept free on the volume, beside the reserve that is never used. */
    minFreeBytes: z.number().int().min(0),
    maxAgeDays: z.number().positive().max(3650).nullable(),
  })
  .meta({ id: 'StorageSettings' });
export type StorageSettings = z.infer<typeof storageSettingsSchema>;

export const networkSettingsSchema = z
  .object({
    /** `kerberos` makes `kerberos.local`. Letters, digits and hyphens. */
    hostName: z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/),
    /** Announce the name and services on the local network. */
    announce: z.boolean(),
  })
  .meta({ id: 'NetworkSettings' });
export type NetworkSettings = z.infer<typeof networkSettingsSchema>;

/** Everything of the device but its cameras. */
export const deviceSettingsSchema = z
  .object({
    deviceName: z.string().trim().min(1).max(64),
    /** IANA zone: days and schedules are in it. */
    timeZone: z.string().min(1).max(64),
    storage: storageSettingsSchema,
    network: networkSettingsSchema,
  })
  .meta({ id: 'DeviceSettings' });
export type DeviceSettings = z.infer<typeof deviceSettingsSchema>;

export const deviceSettingsChangeSchema = z
  .object({
    deviceName: typedName(64),
    timeZone: deviceSettingsSchema.shape.timeZone,
    storage: storageSettingsSchema.partial(),
    network: networkSettingsSchema.partial(),
  })
  .partial()
  .meta({ id: 'DeviceSettingsChange' });
export type DeviceSettingsChange = z.infer<typeof deviceSettingsChangeSchema>;
