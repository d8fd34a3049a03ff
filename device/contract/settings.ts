import { z } from 'zod';
import { hardwareSettingsSchema } from './hardware.ts';
import { limits } from './limits.ts';
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

/** A name or an address, and nothing that a configuration file could take for more. */
const timeServersSchema = z
  .array(z.string().regex(/^[A-Za-z0-9]([A-Za-z0-9.:-]{0,251}[A-Za-z0-9])?$/))
  .max(limits.timeServers)
  .meta({ description: 'Asked instead of those of the machine; empty: its own' });

export const networkSettingsSchema = z
  .object({
    /** `kerberos` makes `kerberos.local`. Letters, digits and hyphens. */
    hostName: z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/),
    /** Announce the name and services on the local network. */
    announce: z.boolean(),
    timeServers: timeServersSchema.default([]),
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
    hardware: hardwareSettingsSchema,
  })
  .meta({ id: 'DeviceSettings' });
export type DeviceSettings = z.infer<typeof deviceSettingsSchema>;

export const deviceSettingsChangeSchema = z
  .object({
    deviceName: typedName(64),
    timeZone: deviceSettingsSchema.shape.timeZone,
    storage: storageSettingsSchema.partial(),
    // Without its default: what is not named stays as it is.
    network: networkSettingsSchema.extend({ timeServers: timeServersSchema }).partial(),
    hardware: hardwareSettingsSchema.partial(),
  })
  .partial()
  .meta({ id: 'DeviceSettingsChange' });
export type DeviceSettingsChange = z.infer<typeof deviceSettingsChangeSchema>;
