import { access, readdir, readFile } from 'node:fs/promises';

/** What the machine can say about its clock. */
export interface TimeReaders {
  bootId(): Promise<string>;
  hasBatteryClock(): Promise<boolean>;
  /** A board known to come without a battery clock, whose wall clock is therefore a guess until someone sets it. */
  isBoardWithoutClock(): Promise<boolean>;
  /** Something on this machine took the time from outside since it booted. */
  syncWitnessed(): Promise<boolean>;
}

/** Written by systemd-timesyncd and chrony when, and only when, they took the time from a server. */
const syncWitnesses = ['/run/systemd/timesync/synchronized', '/run/chrony/tracking', '/var/run/chrony/tracking'];

/** `root` is where `/proc`, `/sys` and `/run` are. */
export function systemTimeReaders(root = ''): TimeReaders {
  return {
    bootId: async () => (await readFile(`${root}/proc/sys/kernel/random/boot_id`, 'utf8')).trim(),
    hasBatteryClock: async () => {
      const names = await readdir(`${root}/sys/class/rtc`).catch(() => []);
      return names.some((name) => name.startsWith('rtc'));
    },
    isBoardWithoutClock: async () => {
      const model = await readFile(`${root}/proc/device-tree/model`, 'utf8').catch(() => '');
      return model.includes('Raspberry Pi');
    },
    syncWitnessed: async () => {
      const found = await Promise.all(
        syncWitnesses.map((path) =>
          access(root + path).then(
            () => true,
            () => false,
          ),
        ),
      );
      return found.includes(true);
    },
  };
}
