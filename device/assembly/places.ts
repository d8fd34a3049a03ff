import { join } from 'node:path';
import { placeMemory } from '#device/hardware/disks/place-memory.ts';
import { recordingsOn } from '#device/hardware/disks/recording-disks.ts';
import { makeDirectory } from '#device/kernel/atomic-file.ts';
import { Failure } from '#device/kernel/failure.ts';

/** Where everything is kept below the data folder. */
export interface Places {
  root: string;
  settingsFile: string;
  accessFile: string;
  indexFile: string;
  eventsFile: string;
  timeFile: string;
  /** What makes this device this one on a network. */
  identityFile: string;
  /** Which release worked, and what is to become of the one that runs. */
  releaseFile: string;
  /** What was agreed with the owner's fleet. */
  fleetFile: string;
  recordings: string;
  /** Id of the disk that they are on; null: none beside the one with everything else. */
  recordingDisk: string | null;
  recordingPlaceFile: string;
  /** Where disks are mounted. */
  disks: string;
  pictures: string;
  /** What the lights of the board showed before. */
  lightsFile: string;
  /** Why the device ended itself. */
  lastWordsFile: string;
  /** Of which start of the machine it was told that its watchdog made it. */
  watchdogFile: string;
  /** Which reset file was obeyed. */
  resetFile: string;
  /** Given free when the volume is full. */
  ballastFile: string;
  /** Held by the one process that may write recordings. */
  lockFile: string;
}

export function placesIn(root: string): Places {
  return {
    root,
    settingsFile: join(root, 'settings.json'),
    accessFile: join(root, 'access.db'),
    indexFile: join(root, 'index.db'),
    eventsFile: join(root, 'events.db'),
    timeFile: join(root, 'time.json'),
    identityFile: join(root, 'identity.json'),
    releaseFile: join(root, 'release.json'),
    fleetFile: join(root, 'fleet.json'),
    recordings: join(root, 'recordings'),
    recordingDisk: null,
    recordingPlaceFile: join(root, 'recording-place.json'),
    disks: join(root, 'disks'),
    pictures: join(root, 'pictures'),
    lightsFile: join(root, 'lights.json'),
    lastWordsFile: join(root, 'last-words.json'),
    watchdogFile: join(root, 'watchdog.boot'),
    resetFile: join(root, 'reset.mark'),
    ballastFile: join(root, 'ballast'),
    lockFile: join(root, 'device.lock'),
  };
}

/** Of the recordings on a disk. */
export function indexOf(root: string, volumeId: string): string {
  return join(root, `index-${volumeId}.db`);
}

/** With recordings and their index where the owner wants them. Each place has an index of its own, which stays when its disk goes. */
export async function withRecordingPlace(places: Places): Promise<Places> {
  const volumeId = await placeMemory(places.recordingPlaceFile).read();
  if (volumeId === null) return places;
  return {
    ...places,
    indexFile: indexOf(places.root, volumeId),
    recordings: recordingsOn(places.disks, volumeId),
    recordingDisk: volumeId,
  };
}

/** The data folder, for its owner alone. Throws a Failure `storage-failed`. */
export async function makeRoot(root: string): Promise<void> {
  await makeDirectory(root, { mode: 0o700 }).catch((cause: unknown) => {
    throw new Failure('storage-failed', `The data folder ${root} cannot be made.`, {
      action: 'Choose another with --data, or check the disk and the rights of this user.',
      cause,
    });
  });
}
