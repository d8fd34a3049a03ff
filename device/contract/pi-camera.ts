import { z } from 'zod';

const exposureSchema = z.object({
  mode: z.enum(['normal', 'sport', 'long']).optional(),
  /** A fixed shutter time in microseconds, for a scene whose light never changes. */
  shutterUs: z.number().int().min(20).max(1_000_000).optional(),
  /** A fixed sensor gain; 1 is none. */
  gain: z.number().min(1).max(64).optional(),
  /** Brighter or darker than the sensor would choose, in stops. */
  ev: z.number().min(-10).max(10).optional(),
  metering: z.enum(['centre', 'spot', 'average']).optional(),
  /** Frequency of the mains that lamps flicker with. */
  flickerHz: z.union([z.literal(50), z.literal(60)]).optional(),
});

const whiteBalanceSchema = z.object({
  mode: z.enum(['auto', 'incandescent', 'tungsten', 'fluorescent', 'indoor', 'daylight', 'cloudy']).optional(),
  /** Both together switch the automatic off. */
  redGain: z.number().min(0.1).max(32).optional(),
  blueGain: z.number().min(0.1).max(32).optional(),
});

const focusSchema = z.object({
  mode: z.enum(['auto', 'continuous', 'manual']),
  range: z.enum(['normal', 'macro', 'full']).optional(),
  /** For `manual`: one over the distance in metres; 0 is infinity. */
  lensPosition: z.number().min(0).max(32).optional(),
});

const regionSchema = z
  .object({
    x: z.number().min(0).max(0.95),
    y: z.number().min(0).max(0.95),
    width: z.number().min(0.05).max(1),
    height: z.number().min(0.05).max(1),
  })
  .refine(({ x, y, width, height }) => x + width <= 1 && y + height <= 1, { error: 'The region must lie within the picture.' });

const factor = z.number().min(0).max(15.99);

/** A camera on the Pi's own connector. What is left out is chosen by the camera itself. */
export const piSourceSchema = z.object({
  kind: z.literal('pi'),
  /** As libcamera names it, e.g. `/base/soc/i2c0mux/i2c@1/imx708@1a`; left out, it is the first one. */
  camera: z
    .string()
    .max(256)
    .regex(/^\/[\w/@:,.-]+$/, { error: 'A Pi camera is named like /base/soc/i2c0mux/i2c@1/imx708@1a.' })
    .optional(),
  width: z.number().int().min(160).max(4608).multipleOf(2),
  height: z.number().int().min(120).max(2592).multipleOf(2),
  framesPerSecond: z.number().int().min(1).max(60),
  bitsPerSecond: z.number().int().min(100_000).max(25_000_000).optional(),
  rotation: z.union([z.literal(0), z.literal(180)]).optional(),
  mirror: z.boolean().optional(),
  hdr: z.enum(['off', 'auto', 'sensor', 'single-exp']).optional(),
  focus: focusSchema.optional(),
  exposure: exposureSchema.optional(),
  whiteBalance: whiteBalanceSchema.optional(),
  brightness: z.number().min(-1).max(1).optional(),
  contrast: factor.optional(),
  saturation: factor.optional(),
  sharpness: factor.optional(),
  denoise: z.enum(['auto', 'off', 'cdn_off', 'cdn_fast', 'cdn_hq']).optional(),
  /** A file of libcamera's own folder by its name, or a whole path. */
  tuningFile: z
    .string()
    .max(256)
    .regex(/^(?!.*\.\.)[\w/.+-]+\.json$/, { error: 'A tuning file is named like imx219_noir.json.' })
    .optional(),
  /** The part of the picture that is shown, 0 to 1. */
  region: regionSchema.optional(),
});
export type PiSource = z.infer<typeof piSourceSchema>;
