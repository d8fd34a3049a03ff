import { z } from 'zod';
import { clockTrustSchema, instantSchema } from './time.ts';

export const systemSchema = z
  .object({
    deviceName: z.string(),
    version: z.string(),
    /** e.g. `kerberos.local`, as it is really announced; null when it is not. */
    localName: z.string().nullable(),
    addresses: z.array(z.string()),
    time: instantSchema,
    clock: clockTrustSchema,
    timeZone: z.string(),
    /** Of this program, not of the machine. */
    uptimeMs: z.number(),
    model: z.string(),
    operatingSystem: z.string(),
    cpuPercent: z.number(),
    temperatureCelsius: z.number().nullable(),
    memory: z.object({ totalBytes: z.number(), availableBytes: z.number(), processBytes: z.number() }),
    storage: z.object({
      totalBytes: z.number(),
      freeBytes: z.number(),
      recordingsBytes: z.number(),
      reserveBytes: z.number(),
      recordings: z.number().int(),
      oldest: instantSchema.nullable(),
      /** Bytes handed to the medium per byte of recorded video since the start; null before the first. */
      writtenPerVideoByte: z.number().nullable(),
    }),
  })
  .meta({ id: 'System' });
export type System = z.infer<typeof systemSchema>;
