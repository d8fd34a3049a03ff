import { Child } from '#device/kernel/child.ts';
import type { Clock } from '#device/kernel/clock.ts';
import { programOutput } from '../program-output.ts';
import { type BlockDevice, blkidArguments, blockDevicesIn, contentIn, lsblkArguments } from './block-devices.ts';

/** What the system's own programs do with disks. Each rejects with what the program said. */
export interface DiskPrograms {
  /** null where there is no lsblk, or it tells nothing. */
  devices(): Promise<BlockDevice[] | null>;
  mount(device: string, place: string): Promise<void>;
  /** Also while files on it are open: they become useless. */
  unmount(place: string): Promise<void>;
  /** Mends what can be mended without asking. */
  repair(device: string): Promise<void>;
  /** Whatever was on it is gone; the whole of it is one file system with this id. */
  erase(device: string, volumeId: string): Promise<void>;
}

const quickMs = 30_000;
/** A large and slow disk. */
const patientMs = 300_000;
/** What somebody else's disk could do beyond being read and written. */
const mountOptions = 'noatime,nodev,nosuid,noexec,nosymfollow,errors=remount-ro';
/** Kinds of devices that may hold a file system of the owner's. */
const looked = new Set(['disk', 'part', 'loop']);
/** Of e2fsck: nothing to do, or mended. */
const soundCodes = [0, 1, 2];

export function diskPrograms(clock: Clock): DiskPrograms {
  const run = (patienceMs: number, program: string, ...args: string[]) => runToEnd({ clock, patienceMs, program, args });
  return {
    devices: async () => {
      const told = await programOutput(clock, 'lsblk', lsblkArguments);
      return told === null ? null : Promise.all(blockDevicesIn(told).map((device) => lookedInto(device, clock)));
    },
    mount: (device, place) => run(quickMs, 'mount', '-t', 'ext4', '-o', mountOptions, '--', device, place),
    unmount: (place) => run(quickMs, 'umount', '--lazy', '--', place),
    repair: (device) => runToEnd({ clock, patienceMs: patientMs, program: 'fsck.ext4', args: ['-p', device], soundCodes }),
    erase: async (device, volumeId) => {
      await run(quickMs, 'wipefs', '--all', '--quiet', '--', device);
      // All of it for recordings: what is kept free is decided elsewhere.
      await run(patientMs, 'mkfs.ext4', '-q', '-F', '-m', '0', '-L', 'kerberos-edge', '-U', volumeId, device);
    },
  };
}

async function lookedInto(device: BlockDevice, clock: Clock): Promise<BlockDevice> {
  const { type, sizeBytes, path, parts } = device;
  if (sizeBytes === 0 || !looked.has(type)) return device;
  const content = contentIn(await programOutput(clock, 'blkid', [...blkidArguments, '--', path]));
  return { ...device, ...content, parts: await Promise.all(parts.map((part) => lookedInto(part, clock))) };
}

interface Run {
  clock: Clock;
  patienceMs: number;
  program: string;
  args: readonly string[];
  soundCodes?: readonly number[];
}

async function runToEnd({ clock, patienceMs, program, args, soundCodes: sound = [0] }: Run): Promise<void> {
  const child = new Child(program, args, { clock });
  child.stdout.resume();
  const timer = new AbortController();
  clock.sleep(patienceMs, timer.signal).then(
    () => child.stop(),
    () => {},
  );
  const { code, error } = await child.exited;
  timer.abort();
  if (code === null || !sound.includes(code)) {
    throw new Error(`${program} ended with ${code ?? error?.message ?? 'a signal'}: ${child.stderrTail().trim()}`);
  }
}
