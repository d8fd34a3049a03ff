import { z } from 'zod';

/** ISO 8601 with a zone, as every answer gives it; a request may use any offset. */
export const instantSchema = z.iso.datetime({ offset: true }).meta({ id: 'Instant', description: 'ISO 8601 time with a zone' });

/** `set`: the wall clock was trustworthy. `approximate`: the device had no trusted time yet; it is re-stamped once it has. */
export const clockTrustSchema = z.enum(['set', 'approximate']).meta({ id: 'ClockTrust' });
export type ClockTrust = z.infer<typeof clockTrustSchema>;
