import { describe, expect, test } from 'vitest';
import type { RecordingPlace } from '#device/contract/contract.ts';
import { Failure } from '#device/kernel/failure.ts';
import { silentLogger } from '#device/kernel/logger.ts';
import { fakeStick } from '#device/testing/fake-disks.ts';
import { fakeCamera } from '#device/testing/fake-things.ts';
import { SimulatedClock } from '#device/testing/simulated-clock.ts';
import { camerasAtWork } from './cameras-at-work.ts';

const volumeId = '0c5d8f2e-1b7a-4a57-9a52-6f0f5f0f9f11';
const onCard: RecordingPlace = { volumeId: null, isThere: true, unavailable: null, disks: [] };
/** A disk was chosen and is not plugged in. */
const away: RecordingPlace = { ...onCard, volumeId, isThere: false };
const broken = new Failure('storage-failed', 'The storage does not accept recordings (EIO).');

interface Case {
  problem?: Failure | null;
  /** null: no disk was chosen, and none is asked for. */
  describe?: (() => Promise<RecordingPlace>) | null;
  lacksCameras?: boolean;
}

function workWith({ problem = null, describe: describePlace = async () => onCard, lacksCameras = false }: Case) {
  const cameras = {
    list: () => [fakeCamera('front'), { ...fakeCamera('shed'), enabled: false }],
    record: async () => expect.unreachable(),
  };
  return camerasAtWork({
    ...{ clock: new SimulatedClock(), logger: silentLogger, cameras, portalUrl: () => null, lacksCameras },
    recordings: { onRecording: () => () => {}, writing: () => null, problem },
    disks: describePlace && { describe: describePlace },
  });
}

test('a camera that was removed or switched off since is not expected any more', () => {
  expect(workWith({}).expected(['front', 'shed', 'yard'])).toEqual(['front']);
});

test('a camera whose definition was left aside was removed by nobody', () => {
  expect(workWith({ lacksCameras: true }).expected(['front', 'shed', 'yard'])).toEqual(['front', 'yard']);
});

describe('the storage', () => {
  const seen = (place: RecordingPlace) => workWith({ problem: broken, describe: async () => place }).storage();

  test('that takes recordings is not asked for its disk', async () => {
    expect(await workWith({ describe: () => expect.unreachable() }).storage()).toBe('takes');
  });

  test('is away when the chosen disk is certainly not plugged in', async () => {
    expect(await seen(away)).toBe('away');
    expect(await seen({ ...away, disks: [{ ...fakeStick, volumeId: 'a0b1c2d3' }] })).toBe('away');
  });

  test.each<[string, RecordingPlace]>([
    ['no disk was chosen', onCard],
    ['the disk is in its place', { ...away, isThere: true }],
    ['the disk is plugged in, and was not brought to its place', { ...away, disks: [{ ...fakeStick, volumeId }] }],
    ['a disk does not tell whether it is the one', { ...away, disks: [{ ...fakeStick, answers: false }] }],
    ['this release cannot tell which disks there are', { ...away, unavailable: 'There is no lsblk.' }],
  ])('fails, which may be the doing of the release, when %s', async (_why, place) => {
    expect(await seen(place)).toBe('fails');
  });

  test('of the device itself fails without a look at any disk', async () => {
    expect(await workWith({ problem: broken, describe: null }).storage()).toBe('fails');
  });

  test('fails when nobody can be asked for the disk', async () => {
    const work = workWith({ problem: broken, describe: () => Promise.reject(new Error('no lsblk')) });
    expect(await work.storage()).toBe('fails');
  });
});
