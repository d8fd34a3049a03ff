import { z } from 'zod';

/** What is on a disk or a part of one. All null when nothing known is. */
export interface Content {
  /** Whether it could be looked at. */
  answers: boolean;
  /** e.g. `ext4`. */
  fileSystem: string | null;
  label: string | null;
  /** Of the file system. */
  volumeId: string | null;
}

/** A disk or a part of one, as the kernel and what is on it tell. */
export interface BlockDevice extends Content {
  /** e.g. `sda` or `sda1`. */
  name: string;
  path: string;
  /** `disk`, `part`, and more that is neither. */
  type: string;
  sizeBytes: number;
  isReadOnly: boolean;
  vendor: string | null;
  model: string | null;
  serial: string | null;
  /** Where it is mounted, as far as this program sees. */
  mounts: readonly string[];
  parts: readonly BlockDevice[];
}

/** Asks util-linux's lsblk for exactly what is read here. What is on a disk it only knows from udev, whose notes may be missing or old. */
export const lsblkArguments = ['--json', '--bytes', '--output', 'NAME,PATH,TYPE,SIZE,RO,VENDOR,MODEL,SERIAL,MOUNTPOINTS'] as const;

/** Asks util-linux's blkid to look at the disk itself. */
export const blkidArguments = ['--probe', '--output', 'export'] as const;

const longestText = 120;
const nothing: Content = { answers: true, fileSystem: null, label: null, volumeId: null };
/** Of a device that did not answer in time, or with an error. */
export const unknownContent: Content = { ...nothing, answers: false };

/** What a disk says of itself is anybody's word. */
const textSchema = z
  .string()
  .nullish()
  .transform((text) => {
    const clean = (text ?? '').replaceAll(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, '').trim();
    return clean === '' ? null : clean.slice(0, longestText);
  });

const deviceSchema = z.object({
  name: z.string().regex(/^[a-zA-Z0-9._-]{1,64}$/),
  path: z.string().regex(/^\/dev(\/[a-zA-Z0-9_-][a-zA-Z0-9._-]{0,60}){1,4}$/),
  type: z.string(),
  size: z.coerce.number().int().min(0),
  ro: z.union([z.boolean(), z.enum(['0', '1']).transform((text) => text === '1')]),
  vendor: textSchema,
  model: textSchema,
  serial: textSchema,
  mountpoints: z.array(z.string().nullable()).default([]),
  children: z.array(z.unknown()).default([]),
});

/** Devices that cannot be understood are left out. Throws a SyntaxError or ZodError when it is not lsblk's answer at all. */
export function blockDevicesIn(json: string): BlockDevice[] {
  return devicesOf(z.object({ blockdevices: z.array(z.unknown()) }).parse(JSON.parse(json)).blockdevices);
}

function devicesOf(told: readonly unknown[]): BlockDevice[] {
  return told.flatMap((one) => {
    const { success, data } = deviceSchema.safeParse(one);
    if (!success) return [];
    const { name, path, type, size, ro, vendor, model, serial, mountpoints, children } = data;
    const mounts = mountpoints.filter((place) => place !== null);
    return [
      { ...{ name, path, type, vendor, model, serial, mounts }, ...nothing, sizeBytes: size, isReadOnly: ro, parts: devicesOf(children) },
    ];
  });
}

/** Of blkid's answer for one device, in its form `export`; empty when it found nothing. */
export function contentIn(exported: string): Content {
  const lines = exported.split('\n').filter((line) => line.includes('='));
  const values = new Map(lines.map((line) => [line.split('=', 1)[0], line.slice(line.indexOf('=') + 1)]));
  const textOf = (name: string) => textSchema.parse(values.get(name)?.replaceAll(/\\(.)/g, '$1'));
  return { answers: true, fileSystem: textOf('TYPE'), label: textOf('LABEL'), volumeId: textOf('UUID') };
}

/** The device itself and all its parts. */
export function withParts(device: BlockDevice): BlockDevice[] {
  return [device, ...device.parts.flatMap(withParts)];
}
