import { rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncDirectory, writeFileAtomically } from '#device/kernel/atomic-file.ts';

/** Beside the database, so that a device whose database is lost still knows that it belongs to someone. */
export interface ClaimMark {
  isSet(): Promise<boolean>;
  set(): Promise<void>;
  /** For sure once this resolves. */
  clear(): Promise<void>;
}

const words =
  'This device belongs to someone. Without this file and without its users, whoever visits it first from its own network would own it.\n';

export function claimMarkOf(databaseFile: string): ClaimMark {
  const path = `${databaseFile}.claimed`;
  const isSet = async (): Promise<boolean> => {
    try {
      await stat(path);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
      throw error;
    }
  };
  return {
    isSet,
    set: async () => {
      if (!(await isSet())) await writeFileAtomically(path, words, { mode: 0o600 });
    },
    clear: async () => {
      await rm(path, { force: true });
      await syncDirectory(dirname(path));
    },
  };
}
