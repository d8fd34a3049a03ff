import { z } from 'zod';

/** A disk or a part of one, as the kernel and the file system on it tell. */
export interface BlockDevice {
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
  /** e.g. `ext4`; null when nothing known is on it. */
  fileSystem: string | null;
  label: string | null;
  /** Of the file system. */
  volumeId: string | null;
  /** Where it is mounted, as far as this program sees. */
  mounts: readonly string[];
  parts: readonly BlockDevice[];
}

/** Asks util-linux's lsblk for exactly what is read here. */
export const lsblkArguments = [
  '--json',
  '--bytes',
  '--output',
  'NAME,PATH,TYPE,SIZE,RO,VENDOR,MODEL,SERIAL,FSTYPE,LABEL,UUID,MOUNTPOINTS',
] as const;

const longestText = 120;
/** What a disk says of itself is anybody's word. */
const textSchema = z
  .string()
  .nullish()
  .transform((text) => {
    const clean = (text ?? '').replaceAll(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, '').trim();
    return clean === '' ? null : clean.slice(0, longestText);
  });

interface Told {
  name: string;
  children?: unknown[] | undefined;
}

const deviceSchema = z.object({
  name: z.string().regex(/^[a-zA-Z0-9._-]{1,64}$/),
  path: z.string().regex(/^\/dev(\/[a-zA-Z0-9_-][a-zA-Z0-9._-]{0,60}){1,4}$/),
  type: z.string(),
  size: z.coerce.number().int().min(0),
  ro: z.union([z.boolean(), z.enum(['0', '1']).transform((text) => text === '1')]),
  vendor: textSchema,
  model: textSchema,
  serial: textSchema,
  fstype: textSchema,
  label: textSchema,
  uuid: textSchema,
  mountpoints: z.array(z.string().nullable()).default([]),
  children: z.array(z.unknown()).optional(),
}) satisfies z.ZodType<Told>;

/** Devices that cannot be understood are left out. Throws a SyntaxError or ZodError when it is not lsblk's answer at all. */
export function blockDevicesIn(json: string): BlockDevice[] {
  return devicesOf(z.object({ blockdevices: z.array(z.unknown()) }).parse(JSON.parse(json)).blockdevices);
}

function devicesOf(told: readonly unknown[]): BlockDevice[] {
  return told.flatMap((one) => {
    const { success, data } = deviceSchema.safeParse(one);
    if (!success) return [];
    const { name, path, type, size, ro, vendor, model, serial, fstype, label, uuid, mountpoints, children = [] } = data;
    return [
      {
        ...{ name, path, type, vendor, model, serial, label },
        sizeBytes: size,
        isReadOnly: ro,
        fileSystem: fstype,
        volumeId: uuid,
        mounts: mountpoints.filter((place) => place !== null),
        parts: devicesOf(children),
      },
    ];
  });
}

/** The device itself and all its parts. */
export function withParts(device: BlockDevice): BlockDevice[] {
  return [device, ...device.parts.flatMap(withParts)];
}
