import { join } from 'node:path';
import { type Access, openAccess } from '#device/access/access.ts';
import { UsbCameras } from '#device/cameras/discovery/usb-cameras.ts';
import { v4l2Program } from '#device/cameras/discovery/v4l2-program.ts';
import { systemRoots } from '#device/cameras/discovery/video-nodes.ts';
import type { Capture } from '#device/capture/capture.ts';
import { createCapture } from '#device/capture/create-capture.ts';
import { type EventJournal, openEventJournal } from '#device/events/journal.ts';
import { type EventsTables, eventsMigrations } from '#device/events/schema.ts';
import type { Clock } from '#device/kernel/clock.ts';
import { type DeviceTime, openDeviceTime } from '#device/kernel/device-time.ts';
import type { Logger } from '#device/kernel/logger.ts';
import { openSoundDatabase } from '#device/kernel/sound-database.ts';
import { systemTimeReaders, type TimeReaders } from '#device/kernel/time-readers.ts';
import { volumeOf } from '#device/kernel/volume-space.ts';
import { createLiveRoom, type LiveRoom } from '#device/live/live-room.ts';
import { type Identity, openIdentity } from '#device/network/identity.ts';
import { hostTimeSource, TimeSync } from '#device/network/time-sync.ts';
import { type RecordingsTables, recordingsMigrations } from '#device/recordings/index-schema.ts';
import { openRecordings } from '#device/recordings/open-recordings.ts';
import { createRecordingsReader, type RecordingsReader } from '#device/recordings/reading.ts';
import type { Recordings } from '#device/recordings/recordings.ts';
import { lockFolder } from '#device/recordings/volume.ts';
import { openSettings, type Settings, type SettingsOptions } from '#device/settings/settings.ts';
import { type Loss, lossesOf, restorationsOf } from './losses.ts';
import type { Places } from './places.ts';

export interface RoomsOptions {
  clock: Clock;
  logger: Logger;
  places: Places;
  /** Of this release. */
  version: string;
  releasedMs: number;
  timeZone: string;
  environment: NonNullable<SettingsOptions['environment']>;
}

/** The rooms that keep something, opened; each is told only what it needs of the others. */
export interface Rooms {
  time: DeviceTime;
  settings: Settings;
  access: Access;
  usb: UsbCameras;
  capture: Capture;
  journal: EventJournal;
  recordings: Recordings;
  reader: RecordingsReader;
  live: LiveRoom;
  identity: Identity;
  timeSync: TimeSync;
  /** What had to be begun anew when it was opened, in a person's words; empty when all was whole. */
  losses: readonly Loss[];
  /** What was put back because a newer release had changed it. */
  restorations: readonly Loss[];
  /** In the order that loses nothing. */
  close(): Promise<void>;
}

const thumbnailWidth = 480;

/** Throws the Failure of the first room that cannot be opened; rooms opened before are closed again. */
export async function openRooms(options: RoomsOptions): Promise<Rooms> {
  const { clock, logger, places } = options;
  await refuseSecond(places);
  await using opened = new AsyncDisposableStack();
  const ground = await openGround(options);
  const { settings, time } = ground;
  const { version: release } = options;
  const access = opened.adopt(await openAccess({ file: places.accessFile, clock, logger, release }), (room) => room.close());
  const usb = new UsbCameras({ roots: systemRoots, ask: v4l2Program(clock) });
  const capture = createCapture({ clock, logger, usb });
  const openedIndex = await openSoundDatabase<RecordingsTables>({
    file: places.indexFile,
    room: 'recordings',
    migrations: recordingsMigrations,
    release,
    canBeMadeAnew: true,
  });
  const index = openedIndex.database;
  opened.defer(() => index.close());
  const recordings = await openRecordings({
    ...{ clock, logger, time },
    directory: places.recordings,
    mayBeAbsent: places.recordingDisk !== null,
    lockFile: places.lockFile,
    database: index,
    timeZone: () => settings.get().timeZone,
    storageSettings: () => settings.get().storage,
    cameraSettings: () => new Map(settings.cameras().map((camera) => [camera.id, camera.recording])),
  });
  opened.adopt(recordings, (room) => room.close());
  const openedEvents = await openSoundDatabase<EventsTables>({
    file: places.eventsFile,
    room: 'events',
    migrations: eventsMigrations,
    release,
  });
  const events = openedEvents.database;
  opened.defer(() => events.close());
  const journal = await openEventJournal({ database: events, clock, time, logger, picturesDirectory: places.pictures });
  opened.adopt(journal, (room) => room.close());
  const reader = createRecordingsReader({
    database: index,
    recordingsDirectory: places.recordings,
    thumbnailsDirectory: join(places.root, 'thumbnails'),
    writing: (id) => recordings.writing(id),
    jpegOf: ({ format, packets }) => capture.jpeg(format, packets, { maxWidth: thumbnailWidth }, new AbortController().signal),
    timeZone: () => settings.get().timeZone,
    logger,
  });
  recordings.onRemoved((id) => {
    reader.forget(id).catch((error: unknown) => logger.warn({ err: error, recordingId: id }, 'a thumbnail stayed behind'));
  });
  const live = createLiveRoom({ clock, logger, pictures: capture });
  const losses = lossesOf({ index: openedIndex, events: openedEvents, access });
  const restorations = restorationsOf({ settings, index: index.restored, events: events.restored, access: access.restored });
  for (const { message, action } of losses) logger.error({ action }, message);
  const kept = opened.move();
  return { ...ground, access, usb, capture, journal, recordings, reader, live, losses, restorations, close: () => kept.disposeAsync() };
}

/** What all others stand on; nothing of it needs to be closed. */
async function openGround(options: RoomsOptions): Promise<Pick<Rooms, 'settings' | 'time' | 'timeSync' | 'identity'>> {
  const { clock, logger, places, environment, timeZone, releasedMs, version: release } = options;
  const settings = await openSettings({
    ...{ file: places.settingsFile, logger, environment, timeZone, release },
    volumeBytes: () => totalBytesOf(places.recordings),
  });
  const timeSync = new TimeSync({ clock, logger, source: hostTimeSource(clock), servers: () => settings.get().network.timeServers });
  const time = await openDeviceTime({ clock, logger, readers: timeReaders(timeSync), file: places.timeFile, releasedMs });
  return { settings, time, timeSync, identity: await openIdentity(places.identityFile, logger) };
}

/** In a container the files that witness a sync are those of nobody; the bus of the host knows. */
function timeReaders(timeSync: TimeSync): TimeReaders {
  const readers = systemTimeReaders();
  return { ...readers, syncWitnessed: async () => timeSync.isSynchronized || (await readers.syncWitnessed()) };
}

async function totalBytesOf(folder: string): Promise<number | null> {
  const volume = await volumeOf(folder).catch(() => null);
  return volume?.totalBytes ?? null;
}

/** Before anything is opened, and perhaps put aside or made anew, under the hands of the one that runs. */
async function refuseSecond({ lockFile }: Places): Promise<void> {
  const unlock = await lockFolder(lockFile);
  await unlock();
}
