import { readFile } from 'node:fs/promises';
import { writeFileAtomically } from '#device/kernel/atomic-file.ts';

/** A few words that outlive the process. */
export interface KeptText {
  /** null when there are none. */
  read(): Promise<string | null>;
  /** The whole old or the whole new words, whatever happens meanwhile. */
  write(text: string): Promise<void>;
}

const longestText = 65_536;

export function keptText(file: string): KeptText {
  return {
    read: async () => (await readFile(file, 'utf8').catch(() => null))?.slice(0, longestText) ?? null,
    write: (text) => writeFileAtomically(file, text),
  };
}
