import { z } from 'zod';
import { cameraSourceSchema } from './camera.ts';

/** A camera that is there, whether or not it was added. */
export const foundCameraSchema = z
  .object({
    /** Stable for as long as it is the same camera in the same place. */
    id: z.string(),
    kind: z.enum(['usb', 'pi', 'network']),
    /** Suggested for a camera that has no name yet. */
    name: z.string(),
    /** What it is, in a person's words. */
    description: z.string(),
    /** The camera of this device that already uses it. */
    cameraId: z.string().nullable(),
    /** What would be sent to add it; null when it must be asked first, with a login (see `onvifUrl`). */
    source: cameraSourceSchema.nullable(),
    /** Where a network camera answers questions about itself. */
    onvifUrl: z.string().nullable(),
    /** A picture can be had at `/api/discovery/{id}/snapshot.jpg`. */
    hasPicture: z.boolean(),
    notes: z.array(z.string()),
  })
  .meta({ id: 'FoundCamera' });
export type FoundCamera = z.infer<typeof foundCameraSchema>;

export const discoverySchema = z
  .object({
    cameras: z.array(foundCameraSchema),
    /** What could not be looked for, and why. */
    notes: z.array(z.string()),
    /** When the network was last asked; null when it never was. Nothing is asked of it unless somebody wants it. */
    networkAskedMsAgo: z.number().nullable(),
  })
  .meta({ id: 'Discovery' });
export type Discovery = z.infer<typeof discoverySchema>;
