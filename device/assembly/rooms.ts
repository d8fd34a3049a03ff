import { join } from 'node:path';
import { type Access, openAccess } from '#device/access/access.ts';
import type { Capture } from '#device/capture/capture.ts';
import { createCapture } from '#device/capture/create-capture.ts';
import { type EventJournal, openEventJournal } from '#device/events/journal.ts';
import { type EventsTables, eventsMigrations } from '#device/events/schema.ts';
import type { Clock } from '#device/kernel/clock.ts';
import { openDatabase } from '#device/kernel/database.ts';
import { type DeviceTime, openDeviceTime } from '#device/kernel/device-time.ts';
import type { Logger } from '#device/kernel/logger.ts';
import { systemTimeReaders } from '#device/kernel/time-readers.ts';
import { createLiveRoom, type LiveRoom } from '#device/live/live-room.ts';
import { type RecordingsTables, recordingsMigrations } from '#device/recordings/index-schema.ts';
import { openRecordings } from '#device/recordings/open-recordings.ts';
import { createRecordingsReader, type RecordingsReader } from '#device/recordings/reading.ts';
import type { Recordings } from '#device/recordings/recordings.ts';
import type { EnvironmentOverrides } from '#device/settings/environment-overlay.ts';
import { openSettings, type Settings } from '#device/settings/settings.ts';
import type { Places } from './places.ts';

export interface RoomsOptions {
  clock: Clock;
  logger: Logger;
  places: Places;
  releasedMs: number;
  timeZone: string;
  environment: EnvironmentOverrides;
}

/** The rooms that keep something, opened; each is told only what it needs of the others. */
export interface Rooms {
  time: DeviceTime;
  settings: Settings;
  access: Access;
  capture: Capture;
  journal: EventJournal;
  recordings: Recordings;
  reader: RecordingsReader;
  live: LiveRoom;
  /** In the order that loses nothing. */
  close(): Promise<void>;
}

const thumbnailWidth = 480;

/** Throws the Failure of the first room that cannot be opened; rooms opened before are closed again. */
export async function openRooms(options: RoomsOptions): Promise<Rooms> {
  const { clock, logger, places } = options;
  await using opened = new AsyncDisposableStack();
  const settings = await openSettings({ file: places.settingsFile, logger, environment: options.environment, timeZone: options.timeZone });
  const time = await openDeviceTime({ clock, logger, readers: systemTimeReaders(), file: places.timeFile, releasedMs: options.releasedMs });
  const access = opened.adopt(await openAccess({ file: places.accessFile, clock, logger }), (room) => room.close());
  const capture = createCapture({ clock, logger });
  const index = await openDatabase<RecordingsTables>({ file: places.indexFile, room: 'recordings', migrations: recordingsMigrations });
  opened.defer(() => index.close());
  const recordings = await openRecordings({
    clock,
    logger,
    time,
    directory: places.recordings,
    lockFile: places.lockFile,
    database: index,
    timeZone: () => settings.get().timeZone,
    storageSettings: () => settings.get().storage,
    cameraSettings: () => new Map(settings.cameras().map((camera) => [camera.id, camera.recording])),
  });
  opened.adopt(recordings, (room) => room.close());
  const events = await openDatabase<EventsTables>({ file: places.eventsFile, room: 'events', migrations: eventsMigrations });
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
  const kept = opened.move();
  return { time, settings, access, capture, journal, recordings, reader, live, close: () => kept.disposeAsync() };
}
