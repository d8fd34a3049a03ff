import { CameraSet } from '#device/cameras/camera-set.ts';
import { Cameras } from '#device/cameras/cameras.ts';
import { CameraPipeline } from '#device/cameras/pipeline.ts';
import type { Thrift } from '#device/cameras/ports.ts';
import { SubStreamFailure } from '#device/capture/capture.ts';
import type { CameraConfig } from '#device/contract/contract.ts';
import { createDetection } from '#device/detection/create-detection.ts';
import type { Clock } from '#device/kernel/clock.ts';
import type { Logger } from '#device/kernel/logger.ts';
import { throwStorageFailure } from '#device/recordings/disk-failure.ts';
import { mergeSource, normalizeSource, publicSource } from '#device/settings/camera-source.ts';
import { CameraJournal } from './camera-journal.ts';
import { type JoinedTimeLapse, joinTimeLapse } from './join-time-lapse.ts';
import type { OwnerStream } from './owner-stream.ts';
import type { Places } from './places.ts';
import type { Rooms } from './rooms.ts';

interface JoinOptions {
  clock: Clock;
  logger: Logger;
  rooms: Rooms;
  stream: OwnerStream;
  places: Places;
}

export interface JoinedCameras {
  set: CameraSet;
  cameras: Cameras;
  journal: CameraJournal;
  timeLapse: JoinedTimeLapse;
  /** What cameras that run and those to come give up from now on. */
  spare(thrift: Thrift): void;
}

/** Joins the rooms along the way of a picture. Nothing runs yet. */
export function joinCameras({ clock, logger, rooms, stream, places }: JoinOptions): JoinedCameras {
  const { settings, recordings, live, time } = rooms;
  const { session, probe, still, jpeg, lumas } = rooms.capture;
  const isSubStreamFailure = (failure: unknown) => failure instanceof SubStreamFailure;
  const capture = { session, probe, still, jpeg, lumas, isSubStreamFailure };
  const detection = createDetection();
  const journal = new CameraJournal(rooms.journal, logger);
  let thrift: Thrift = { fewerLooks: false, noEventPictures: false, noDecodingBetween: false };
  const pipeline = (config: CameraConfig): CameraPipeline => {
    if (!config.enabled) journal.switchedOff(config.id, clock.boot());
    const made: CameraPipeline = new CameraPipeline(config, {
      clock,
      logger,
      capture,
      detection,
      journal,
      random: Math.random,
      thrift: () => thrift,
      wallOf: (bootMs) => time.wallOf(bootMs),
      recorder: recordings.recorder(config.id),
      releaseRecorder: () => recordings.forget(config.id),
      live: live.stream(config.id),
      onChange: () => stream.tell({ type: 'camera', cameraId: config.id, status: made.status() }),
    });
    return made;
  };
  const set = new CameraSet({
    clock,
    logger,
    pipeline,
    onRemoved: (cameraId) => {
      live.remove(cameraId);
      journal.forget(cameraId, clock.boot());
      stream.tell({ type: 'camera-removed', cameraId });
    },
  });
  const timeLapse = joinTimeLapse({ clock, logger, rooms, places, set });
  const cameras = new Cameras({
    set,
    settings,
    capture,
    publicSource,
    savedSource: (source, before) => (before ? mergeSource(before, source) : normalizeSource(source)),
    mayDeleteRecordings: () => recordings.guard.mustBeThere().catch(throwStorageFailure),
    deleteRecordings: async (cameraId) => {
      // A disk that hangs may still hold up the last one.
      await recordings.forget(cameraId);
      await recordings.removeAllOf(cameraId);
      await timeLapse.room.removeAllOf(cameraId);
    },
  });
  const spare = (wished: Thrift): void => {
    thrift = wished;
  };
  return { set, cameras, journal, timeLapse, spare };
}
