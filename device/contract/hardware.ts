import { z } from 'zod';
import { limits } from './limits.ts';

const nameSchema = z.string().trim().min(1).max(limits.nameLength);
const cameraIdsSchema = z.array(z.string().min(1).max(80)).max(limits.cameras);

/** `reset`: held for ten seconds it gives the device back to whoever stands before it. */
export const inputKinds = ['pir', 'door', 'tamper', 'button', 'reset'] as const;
export const outputKinds = ['relay', 'siren', 'ir-light'] as const;

const inputUseSchema = z.object({
  direction: z.literal('input'),
  kind: z.enum(inputKinds),
  name: nameSchema,
  /** The wire is low when the sensor reports. */
  activeLow: z.boolean(),
  /** A change counts once it has stayed for this long. */
  debounceMs: z.number().int().min(limits.debounceMinMs).max(limits.debounceMaxMs),
  /** Cameras that record for `recordMs` whenever it reports, and for as long as it does. */
  recordCameraIds: cameraIdsSchema,
  recordMs: z.number().int().min(1_000).max(limits.maxLengthMaxMs),
});

/** `by-hand`: only when told. `pulse`: for `pulseMs` when one of the cameras begins to see motion. `follow`: for as long as one sees it. */
export const outputModes = ['by-hand', 'pulse', 'follow'] as const;

const outputUseSchema = z.object({
  direction: z.literal('output'),
  kind: z.enum(outputKinds),
  name: nameSchema,
  /** The wire is low when it is on. */
  activeLow: z.boolean(),
  mode: z.enum(outputModes),
  cameraIds: cameraIdsSchema,
  pulseMs: z.number().int().min(limits.pulseMinMs).max(limits.pulseMaxMs),
});

export const pinUseSchema = z.discriminatedUnion('direction', [inputUseSchema, outputUseSchema]).meta({ id: 'PinUse' });
export type PinUse = z.infer<typeof pinUseSchema>;
export type InputUse = z.infer<typeof inputUseSchema>;
export type OutputUse = z.infer<typeof outputUseSchema>;

/** The number of a pin as the maker of the board counts: 17 for GPIO17. */
export const pinLineSchema = z.number().int().min(0).max(limits.highestPinLine);

export const pinSettingsSchema = z.object({ line: pinLineSchema, use: pinUseSchema }).meta({ id: 'PinSettings' });
export type PinSettings = z.infer<typeof pinSettingsSchema>;

export const hardwareSettingsSchema = z
  .object({
    pins: z
      .array(pinSettingsSchema)
      .max(limits.highestPinLine + 1)
      .refine((pins) => new Set(pins.map(({ line }) => line)).size === pins.length, 'each pin has one use'),
    /** Tell with the lights of the board how the device is. */
    statusLights: z.boolean(),
    /** The machine reboots itself when the device no longer works. `auto`: on the appliance, where there is nothing else to be interrupted. */
    watchdog: z.enum(['auto', 'on', 'off']),
  })
  .meta({ id: 'HardwareSettings' });
export type HardwareSettings = z.infer<typeof hardwareSettingsSchema>;

export const defaultHardwareSettings: HardwareSettings = { pins: [], statusLights: true, watchdog: 'auto' };

export const pinSchema = z
  .object({
    line: pinLineSchema,
    /** Its place on the 40-pin header. */
    headerPin: z.number().int(),
    /** What the board may also use it for, e.g. "I2C data"; null for a plain pin. */
    alsoKnownAs: z.string().nullable(),
    use: pinUseSchema.nullable(),
    /** Whether the sensor reports or the output is on; null while nobody looks at it. */
    active: z.boolean().nullable(),
    /** Who has it when it is not ours, in the kernel's word. */
    owner: z.string().nullable(),
    /** Why it does not do what it is set to, and what to do. */
    problem: z.object({ message: z.string(), action: z.string().optional() }).nullable(),
  })
  .meta({ id: 'Pin' });
export type Pin = z.infer<typeof pinSchema>;

export const pinBoardSchema = z
  .object({
    /** The name of the chip the pins belong to; null when this machine has none that is known. */
    chip: z.string().nullable(),
    /** How they are reached. */
    through: z.enum(['sysfs', 'gpiod']).nullable(),
    pins: z.array(pinSchema),
  })
  .meta({ id: 'PinBoard' });
export type PinBoard = z.infer<typeof pinBoardSchema>;

export const pinSwitchSchema = z.object({ on: z.boolean() }).meta({ id: 'PinSwitch' });
