import type { DisksPort } from '#device/api/ports.ts';
import type { Disk } from '#device/contract/contract.ts';
import { Failure } from '#device/kernel/failure.ts';

export const fakeStick: Disk = {
  id: '5f2b1c0a9d3e4f60',
  name: 'sda',
  model: 'SanDisk Ultra',
  sizeBytes: 64_000_000_000,
  answers: true,
  volumeId: null,
  content: 'vfat “PHOTOS”',
};

/** One stick, which can be erased and chosen. `commands` hears what was chosen. */
export function fakeDisks(commands: string[]): DisksPort {
  let stick = fakeStick;
  let chosen: string | null = null;
  return {
    describe: async () => ({ volumeId: chosen, isThere: true, unavailable: null, disks: [stick] }),
    choose: async (volumeId) => {
      if (volumeId !== null && volumeId !== stick.volumeId) throw new Failure('not-found', 'That disk is not there any more.');
      chosen = volumeId;
      commands.push(`recordings on ${volumeId ?? 'the device itself'}`);
    },
    erase: async (id) => {
      if (id !== stick.id) throw new Failure('not-found', 'That disk is not there any more.');
      stick = { ...stick, volumeId: '0c5d8f2e-1b7a-4a57-9a52-6f0f5f0f9f11', content: 'ext4 “kerberos-edge”' };
      return stick;
    },
  };
}
