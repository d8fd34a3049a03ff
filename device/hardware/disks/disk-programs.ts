import { z } from 'zod';
import type { Clock } from '#device/kernel/clock.ts';
import { type ProgramEnd, type ProgramRun, programEnd } from '../program-output.ts';
import {
  type BlockDevice,
  blkidArguments,
  blockDevicesIn,
  type Content,
  contentIn,
  lsblkArguments,
  unknownContent,
} from './block-devices.ts';

/** What the system's own programs do with disks. All but `devices` reject with what the program said. */
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
/** A drive that sleeps turns first. */
const wakingMs = 15_000;
/** A large and slow disk. */
const patientMs = 300_000;
/** A disk may have many parts. */
const longestOutput = 1_048_576;
/** What somebody else's disk could do beyond being read and written. */
const mountOptions = 'noatime,nodev,nosuid,noexec,nosymfollow,errors=remount-ro';
/** Kinds of devices that may hold a file system of the owner's. */
const looked = new Set(['disk', 'part', 'loop']);
/** Of e2fsck: nothing to do, or mended. */
const soundCodes = [0, 1, 2];

/** `signal`: nothing that was begun is waited for any longer. */
export function diskPrograms(clock: Clock, signal: AbortSignal): DiskPrograms {
  const end = (patienceMs: number, program: string, args: readonly string[]) =>
    programEnd({ clock, patienceMs, program, args, longestOutput, signal });
  const run = async (patienceMs: number, program: string, args: readonly string[], sound: readonly number[] = [0]) =>
    mustBe(sound, program, await end(patienceMs, program, args));
  return {
    devices: async () => {
      const { code, output } = await end(quickMs, 'lsblk', lsblkArguments);
      const devices = code === 0 ? understood(output) : null;
      return (
        devices &&
        Promise.all(devices.map((device) => lookedInto(device, (path) => end(wakingMs, 'blkid', [...blkidArguments, '--', path]))))
      );
    },
    mount: (device, place) => run(quickMs, 'mount', ['-t', 'ext4', '-o', mountOptions, '--', device, place]),
    unmount: (place) => run(quickMs, 'umount', ['--lazy', '--', place]),
    repair: (device) => run(patientMs, 'fsck.ext4', ['-p', device], soundCodes),
    erase: async (device, volumeId) => {
      await run(quickMs, 'wipefs', ['--all', '--quiet', '--', device]);
      // All of it for recordings: what is kept free is decided elsewhere.
      await run(patientMs, 'mkfs.ext4', ['-q', '-F', '-m', '0', '-L', 'kerberos-edge', '-U', volumeId, device]);
    },
  };
}

function understood(json: string): BlockDevice[] | null {
  try {
    return blockDevicesIn(json);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return null;
    throw error;
  }
}

async function lookedInto(device: BlockDevice, ask: (path: string) => Promise<ProgramEnd>): Promise<BlockDevice> {
  const { type, sizeBytes, path, parts } = device;
  if (sizeBytes === 0 || !looked.has(type)) return device;
  const content = contentOf(await ask(path));
  return { ...device, ...content, parts: await Promise.all(parts.map((part) => lookedInto(part, ask))) };
}

/** Of blkid: 0 found, 2 nothing found, 8 more than one thing found. */
function contentOf({ code, output }: ProgramEnd): Content {
  if (code === 0 || code === 2) return contentIn(output);
  return code === 8 ? { ...contentIn(''), fileSystem: 'several file systems' } : unknownContent;
}

function mustBe(sound: readonly number[], program: ProgramRun['program'], { code, complaint }: ProgramEnd): void {
  if (code === null || !sound.includes(code)) throw new Error(`${program} ended with ${code ?? 'a signal'}: ${complaint}`);
}
