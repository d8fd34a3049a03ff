import { z } from 'zod';
import { cameraSourceSchema } from './camera.ts';
import { limits } from './limits.ts';

export const onvifLoginSchema = z
  .object({
    /** Of the camera's device service, as discovery tells it, e.g. `http://192.168.1.20/onvif/device_service`. */
    url: z.string().trim().min(1).max(limits.urlLength),
    username: z.string().max(limits.usernameMaxLength),
    password: z.string().max(limits.passwordMaxLength),
  })
  .meta({ id: 'OnvifLogin' });
export type OnvifLogin = z.infer<typeof onvifLoginSchema>;

/** What a network camera says of itself. */
export const onvifDescriptionSchema = z
  .object({
    manufacturer: z.string(),
    model: z.string(),
    firmware: z.string(),
    serial: z.string(),
    /** Its streams, the largest first. */
    profiles: z.array(
      z.object({ name: z.string(), width: z.number().nullable(), height: z.number().nullable(), encoding: z.string().nullable() }),
    ),
    /** What would be sent to add it: main and sub-stream chosen from its profiles. */
    source: cameraSourceSchema,
    canMove: z.boolean(),
  })
  .meta({ id: 'OnvifDescription' });
export type OnvifDescription = z.infer<typeof onvifDescriptionSchema>;

const speedSchema = z.number().min(-1).max(1);

export const ptzMoveSchema = z
  .object({
    /** -1 (left, down, out) to 1 (right, up, in). */
    pan: speedSchema.default(0),
    tilt: speedSchema.default(0),
    zoom: speedSchema.default(0),
    /** It stops by itself after this. */
    durationMs: z.number().int().min(50).max(5_000).default(400),
  })
  .meta({ id: 'PtzMove' });
export type PtzMove = z.infer<typeof ptzMoveSchema>;

export const ptzPresetSchema = z.object({ id: z.string(), name: z.string() }).meta({ id: 'PtzPreset' });
export type PtzPreset = z.infer<typeof ptzPresetSchema>;

export const relaySchema = z
  .object({
    /** As the camera calls it. */
    id: z.string(),
    /** `switch` stays as it is told; `pulse` goes off by itself. */
    mode: z.enum(['switch', 'pulse']),
    /** How long it is on when it goes off by itself; null when the camera does not tell. */
    pulseMs: z.number().nullable(),
    /** As this device told it last; null when it never did: cameras do not tell. */
    on: z.boolean().nullable(),
  })
  .meta({ id: 'Relay' });
export type Relay = z.infer<typeof relaySchema>;

export const relaySwitchSchema = z.object({ on: z.boolean() }).meta({ id: 'RelaySwitch' });

export const relayPulseSchema = z
  .object({
    /** For a relay that stays as it is told; the others know their own time. */
    durationMs: z.number().int().min(limits.pulseMinMs).max(limits.relayPulseMaxMs).default(1_000),
  })
  .meta({ id: 'RelayPulse' });

/** Whether a camera can turn and zoom, and the places that it remembers. */
export const ptzSchema = z.object({ canMove: z.boolean(), presets: z.array(ptzPresetSchema) }).meta({ id: 'Ptz' });
export type Ptz = z.infer<typeof ptzSchema>;
