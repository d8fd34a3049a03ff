import { constants } from 'node:fs';
import { open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where the kernel shows itself as files. Tests plant a tree of plain files elsewhere. */
export interface KernelTree {
  /** The whole path of a place like `sys/class/leds`. */
  path(place: string): string;
  /** Without surrounding white space; null when it is not there or may not be read. */
  read(place: string): Promise<string | null>;
  /** Empty when it is not there. */
  list(place: string): Promise<string[]>;
  /** Rejects with the kernel's error. Never makes a file. */
  write(place: string, text: string): Promise<void>;
}

/** A file of the kernel that is longer is none of those we ask for. */
const longestText = 262_144;

export function kernelTree(root = '/'): KernelTree {
  const path = (place: string): string => join(root, place);
  return {
    path,
    read: async (place) => {
      const text = await readFile(path(place), 'utf8').catch(() => null);
      return text === null ? null : text.slice(0, longestText).trim();
    },
    list: async (place) => (await readdir(path(place)).catch(() => [])).sort(),
    write: async (place, text) => {
      await using file = await open(path(place), constants.O_WRONLY | constants.O_TRUNC);
      await file.writeFile(text);
    },
  };
}
