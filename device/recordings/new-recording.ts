import type { Box, RecordingTrigger } from '#device/contract/contract.ts';
import type { StreamFormat, TimedPacket } from '#device/media/packet.ts';
import { recordingPath } from './file-metadata.ts';
import type { RecordingRow } from './model.ts';
import type { RecorderTime } from './recorder-time.ts';
import type { TriggerMark } from './recording-index.ts';

const manualChanges = 100_000_000;
const nowhere = { x: 0, y: 0, width: 0, height: 0 };

export interface Motion {
  startBootMs: number;
  /** Post-roll included; infinite while it lasts. */
  untilBootMs: number;
  boxes: Box[];
  score: number;
}

export interface NewRecording {
  id: string;
  cameraId: string;
  cameraName: string;
  time: RecorderTime;
  /** Its key picture. */
  first: TimedPacket;
  format: StreamFormat;
  mark: TriggerMark;
}

/** A row before anything is written. */
export function newRecording({ id, cameraId, cameraName, time, first, format, mark }: NewRecording): RecordingRow {
  const { video, audio } = format;
  const identity = { id, cameraId, startWallMs: Math.round(time.wallOf(first.bootMs)), clock: time.trust() };
  return {
    ...identity,
    ...mark,
    cameraName,
    path: recordingPath(identity),
    bootId: time.bootId,
    startBootMs: first.bootMs,
    durationMs: 0,
    sizeBytes: 0,
    initBytes: 0,
    state: 'writing',
    protected: false,
    repaired: false,
    videoCodecString: video.codecString.replace(/^hev1/, 'hvc1'),
    width: video.width,
    height: video.height,
    hasAudio: audio !== null,
    parts: [],
  };
}

/** Where and how much it moved, as names for a Kerberos Vault tell it: the largest box in pixels, and its area weighted by the score. */
export function markFor(trigger: RecordingTrigger, motion: Motion | null, format: StreamFormat | null): TriggerMark {
  if (trigger === 'continuous') return { trigger, region: nowhere, changes: -1 };
  if (trigger === 'manual') return { trigger, region: nowhere, changes: manualChanges };
  const box = motion?.boxes.toSorted((one, other) => other.width * other.height - one.width * one.height)[0];
  if (!motion || !box || !format) return { trigger, region: nowhere, changes: 0 };
  const { width, height } = format.video;
  const region = {
    x: Math.round(box.x * width),
    y: Math.round(box.y * height),
    width: Math.round(box.width * width),
    height: Math.round(box.height * height),
  };
  return { trigger, region, changes: Math.round(motion.score * region.width * region.height) };
}
