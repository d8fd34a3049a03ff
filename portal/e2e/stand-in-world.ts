import {
  type Camera,
  type CameraState,
  defaultMotionSettings,
  defaultRecordingSettings,
  type Event,
  type Recording,
  type StreamInfo,
} from '#device/contract/contract.ts';

/** A plausible household for looking at the portal: cameras in every state, and a day with things in it. */

const stream: StreamInfo = {
  videoCodec: 'h264',
  videoCodecString: 'avc1.4D401F',
  width: 1920,
  height: 1080,
  framesPerSecond: 20,
  audioCodec: 'aac',
  keyIntervalMs: 1000,
  bitsPerSecond: 3_200_000,
};

export const cameraOf = (id: string, name: string, state: CameraState, sinceMs: number): Camera => ({
  id,
  name,
  enabled: state !== 'disabled',
  source: { kind: 'rtsp', url: `rtsp://192.168.1.${20 + id.length}:554/stream1`, transport: 'tcp', username: 'viewer', hasPassword: true },
  recording: { ...defaultRecordingSettings, mode: id === 'yard' ? 'both' : 'events' },
  motion: {
    ...defaultMotionSettings,
    zones: [
      {
        name: 'Path',
        kind: 'include',
        points: [
          { x: 0.1, y: 0.45 },
          { x: 0.75, y: 0.4 },
          { x: 0.9, y: 0.95 },
          { x: 0.08, y: 0.95 },
        ],
      },
      {
        name: 'Tree',
        kind: 'exclude',
        points: [
          { x: 0.72, y: 0.05 },
          { x: 0.97, y: 0.08 },
          { x: 0.93, y: 0.35 },
        ],
      },
    ],
  },
  state,
  status: {
    state,
    since: new Date(sinceMs).toISOString(),
    problem:
      state === 'offline'
        ? {
            kind: 'camera-unreachable',
            message: 'The camera does not answer at 192.168.1.26.',
            action: 'Check its power and network cable. If its address changed, correct it in the settings.',
          }
        : null,
    lastFrameAgeMs: state === 'online' ? 60 : null,
    stream: state === 'online' ? stream : null,
    recordingNow: id === 'yard',
    motionNow: id === 'front',
    restarts: state === 'offline' ? 7 : 0,
    notes:
      id === 'yard' ? ['A key picture comes only every 8 seconds: recordings begin up to 8 seconds early. Set it to 2 in the camera.'] : [],
  },
});

const minuteMs = 60_000;

/** Clips of the last hours, newest first; one camera also records all the time. */
export const pastOf = (nowMs: number): { recordings: Recording[]; events: Event[] } => {
  const recordings: Recording[] = [];
  const events: Event[] = [];
  const add = (cameraId: string, name: string, startMs: number, durationMs: number, trigger: Recording['trigger']) => {
    const id = `${cameraId}-${startMs}`;
    recordings.push({
      id,
      cameraId,
      cameraName: name,
      start: new Date(startMs).toISOString(),
      durationMs,
      sizeBytes: Math.round(durationMs * 410),
      trigger,
      state: 'closed',
      clock: 'set',
      protected: recordings.length % 11 === 3,
      repaired: recordings.length % 17 === 5,
      videoCodecString: stream.videoCodecString,
      width: stream.width,
      height: stream.height,
      hasAudio: true,
      fileName: `${id}.mp4`,
    });
    if (trigger !== 'motion') return;
    events.push({
      id: `event-${id}`,
      cameraId,
      kind: 'motion',
      start: new Date(startMs + 9000).toISOString(),
      end: new Date(startMs + durationMs - 20_000).toISOString(),
      score: 0.35 + ((startMs / minuteMs) % 60) / 100,
      boxes: [{ x: 0.4, y: 0.4, width: 0.2, height: 0.3, score: 0.7 }],
      zones: recordings.length % 3 === 0 ? ['Path'] : recordings.length % 3 === 1 ? ['Path', 'Gate'] : [],
      recordingId: id,
      message: null,
      hasPicture: true,
      clock: 'set',
    });
  };
  for (let ago = 4; ago < 30 * 60; ago += 17 + ((ago * 7) % 41))
    add('front', 'Front door', nowMs - ago * minuteMs, 42_000 + ((ago * 13) % 50) * 1000, 'motion');
  for (let ago = 31; ago < 30 * 60; ago += 61 + ((ago * 5) % 83))
    add('yard', 'Back yard', nowMs - ago * minuteMs, 38_000 + ((ago * 3) % 60) * 1000, 'motion');
  for (let ago = 5; ago < 20 * 60; ago += 5)
    if (ago < 320 || ago > 400) add('yard', 'Back yard', nowMs - ago * minuteMs, 5 * minuteMs, 'continuous');
  add('front', 'Front door', nowMs - 95 * minuteMs, 60_000, 'manual');
  events.push({
    ...(events[0] as Event),
    id: 'event-offline',
    cameraId: 'garage',
    kind: 'camera.offline',
    start: new Date(nowMs - 52 * minuteMs).toISOString(),
    end: null,
    score: null,
    boxes: [],
    zones: [],
    recordingId: null,
    hasPicture: false,
    message: 'The camera does not answer at 192.168.1.26.',
  });
  const newest = (a: { start: string }, b: { start: string }) => b.start.localeCompare(a.start);
  return { recordings: recordings.sort(newest), events: events.sort(newest) };
};
