import type { MediaFile } from '#device/api/ports.ts';
import type { Camera, Event, ProbeResult, Recording, StreamInfo, System } from '#device/contract/contract.ts';
import { cameraConfig } from './camera-config.ts';

/** Valid examples of what the contract describes. */

export const fakeInstant = '2026-01-05T08:00:00.000Z';
export const fakeJpeg = Uint8Array.of(0xff, 0xd8, 0xff, 0xd9);
const fakeStream: StreamInfo = {
  videoCodec: 'h264',
  videoCodecString: 'avc1.64001f',
  width: 1280,
  height: 720,
  framesPerSecond: 20,
  audioCodec: null,
  keyIntervalMs: 2000,
  bitsPerSecond: 1_000_000,
};

export function fakeCamera(id: string): Camera {
  return {
    ...cameraConfig(id),
    source: { kind: 'demo' },
    state: 'online',
    status: {
      state: 'online',
      since: fakeInstant,
      problem: null,
      lastFrameAgeMs: 40,
      stream: fakeStream,
      recordingNow: false,
      motionNow: false,
      restarts: 0,
      notes: [],
    },
  };
}

export interface FakeRecording {
  recording: Recording;
  bytes: Uint8Array;
}

export function fakeRecording(id: string, bytes: Uint8Array = new Uint8Array(1000)): FakeRecording {
  const recording: Recording = {
    id,
    cameraId: 'front',
    cameraName: 'front',
    start: fakeInstant,
    durationMs: 20_000,
    sizeBytes: bytes.byteLength,
    trigger: 'motion',
    state: 'closed',
    clock: 'set',
    protected: false,
    repaired: false,
    videoCodecString: fakeStream.videoCodecString,
    width: fakeStream.width,
    height: fakeStream.height,
    hasAudio: false,
    fileName: `${id}.mp4`,
  };
  return { recording, bytes };
}

export function fakeEvent(id: string): Event {
  return {
    id,
    cameraId: 'front',
    kind: 'motion',
    start: fakeInstant,
    end: null,
    score: 0.8,
    boxes: [{ x: 0.1, y: 0.1, width: 0.2, height: 0.2, score: 0.8 }],
    zones: ['door'],
    recordingId: null,
    message: null,
    hasPicture: true,
    clock: 'set',
  };
}

export const fakeProbeResult: ProbeResult = {
  stream: fakeStream,
  subStream: null,
  audioFound: null,
  summary: '1280×720 H.264',
  warnings: [],
};

export function fakeFile(fileName: string, bytes: Uint8Array): MediaFile {
  return {
    sizeBytes: bytes.byteLength,
    fileName,
    etag: `"${bytes.byteLength}-${bytes[0] ?? 0}"`,
    read: (first, last) => new Blob([Uint8Array.from(bytes.subarray(first, last + 1))]).stream(),
  };
}

export const fakeSystem: System = {
  deviceName: 'Kerberos',
  version: '0.0.0-test',
  localName: 'kerberos.local',
  addresses: ['192.168.1.20'],
  time: fakeInstant,
  clock: 'set',
  timeZone: 'Europe/Brussels',
  uptimeMs: 1000,
  model: 'test',
  operatingSystem: 'Linux',
  cpuPercent: 1,
  temperatureCelsius: null,
  memory: { totalBytes: 1, availableBytes: 1, processBytes: 1 },
  storage: { totalBytes: 1, freeBytes: 1, recordingsBytes: 0, reserveBytes: 0, recordings: 0, oldest: null, writtenPerVideoByte: null },
};
