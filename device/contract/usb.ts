import { z } from 'zod';

/** Which camera it is, whatever /dev/video* it is today. Read by discovery; nobody has to type it. */
export const usbDeviceSchema = z
  .object({
    /** USB vendor and product, e.g. `046d:082d`; the driver's name for a video device that is not on USB. */
    model: z.string().min(1).max(64),
    /** What the maker gave this one; absent where all of a model are the same. */
    serial: z.string().min(1).max(128).optional(),
    /** Where it is plugged in: controller and port, e.g. `0000:00:14.0/1.2`. Tells apart what has no serial number of its own. */
    port: z.string().min(1).max(200),
    /** Which of the video nodes of one device. */
    node: z.number().int().min(0).max(63),
  })
  .meta({ id: 'UsbDevice' });
export type UsbDevice = z.infer<typeof usbDeviceSchema>;

export const usbSourceSchema = z.object({
  kind: z.literal('usb'),
  device: usbDeviceSchema,
  /** What is wanted; the nearest that the camera offers is taken. */
  width: z.number().int().min(160).max(7680).default(1280),
  height: z.number().int().min(120).max(4320).default(720),
  framesPerSecond: z.number().min(1).max(120).default(15),
  /** `auto`: H.264 from the camera when it has it at that size, else what costs least to encode. */
  format: z.enum(['auto', 'h264', 'mjpeg', 'raw']).default('auto'),
  /** Settings of the camera itself that were chosen, by their V4L2 names; it forgets them when it loses power. */
  controls: z.record(z.string().regex(/^[a-z0-9_]{1,64}$/), z.number().int()).optional(),
});
export type UsbSource = z.infer<typeof usbSourceSchema>;

/** A setting of the camera itself, kept by its driver: exposure, focus, brightness and so on. */
export const cameraControlSchema = z
  .object({
    /** As V4L2 names it, e.g. `brightness`. */
    id: z.string().regex(/^[a-z0-9_]{1,64}$/),
    label: z.string(),
    kind: z.enum(['number', 'switch', 'choice']),
    min: z.number(),
    max: z.number(),
    step: z.number(),
    default: z.number(),
    value: z.number(),
    /** Of a `choice`: which numbers mean what. */
    choices: z.array(z.object({ value: z.number(), label: z.string() })),
    /** False while another control decides it, e.g. the exposure time while exposure is automatic. */
    changeable: z.boolean(),
  })
  .meta({ id: 'CameraControl' });
export type CameraControl = z.infer<typeof cameraControlSchema>;

export const cameraControlChangeSchema = z
  .object({ id: cameraControlSchema.shape.id, value: z.number().int().min(-2_147_483_648).max(2_147_483_647) })
  .meta({ id: 'CameraControlChange' });
export type CameraControlChange = z.infer<typeof cameraControlChangeSchema>;
