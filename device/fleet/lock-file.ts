import { readFile, rm, writeFile } from 'node:fs/promises';

/** The file by which the host is asked to wait. The host makes one of its own under the same name while it changes something. */
export interface LockFile {
  /** Answers whether it is ours now. */
  take(): Promise<boolean>;
  /** Ours alone: that of the host stays. */
  letGo(): Promise<void>;
}

/** What is in ours; the host writes other things. It outlives the program when that crashes, and is then still known as ours. */
const mark = 'kerberos-edge';

export function lockFileAt(path: string): LockFile {
  const isOurs = async (): Promise<boolean> => (await readFile(path, 'utf8').catch(() => '')) === mark;
  return {
    take: async () => {
      try {
        // Fails where there is one: two can never believe that it is theirs.
        await writeFile(path, mark, { flag: 'wx', mode: 0o644 });
        return true;
      } catch {
        return isOurs();
      }
    },
    letGo: async () => {
      if (await isOurs()) await rm(path, { force: true });
    },
  };
}
