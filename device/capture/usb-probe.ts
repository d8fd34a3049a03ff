import type { ProbeResult } from '#device/contract/contract.ts';
import type { Clock } from '#device/kernel/clock.ts';
import { Failure } from '#device/kernel/failure.ts';
import type { StreamFormat } from '#device/media/packet.ts';
import type { CaptureSession } from './capture.ts';

/** How much of the stream is looked at. */
const lookMs = 3_000;

interface Seen {
  format: StreamFormat | null;
  notes: string[];
  keyBootMs: number[];
  frames: number;
  bytes: number;
  firstBootMs: number;
  lastBootMs: number;
}

/** Runs a session for some seconds and says what it brought: what a USB camera and its encoder really do, nothing else tells. */
export async function probeBySession(session: CaptureSession, clock: Clock, signal: AbortSignal): Promise<ProbeResult> {
  const seen: Seen = { format: null, notes: [], keyBootMs: [], frames: 0, bytes: 0, firstBootMs: 0, lastBootMs: 0 };
  const enough = new AbortController();
  await session.run(AbortSignal.any([signal, enough.signal]), {
    format: (format) => {
      seen.format = format;
    },
    packet: ({ track, key, data, bootMs }) => {
      if (track !== 'video') return;
      if (seen.frames === 0) {
        seen.firstBootMs = bootMs;
        clock.sleep(lookMs, AbortSignal.any([signal, enough.signal])).then(
          () => enough.abort(),
          () => {},
        );
      }
      seen.frames += 1;
      seen.bytes += data.length;
      seen.lastBootMs = bootMs;
      if (key) seen.keyBootMs.push(bootMs);
    },
    picture: () => {},
    note: (note) => seen.notes.push(note),
  });
  signal.throwIfAborted();
  return resultOf(seen);
}

function resultOf(seen: Seen): ProbeResult {
  if (!seen.format) throw new Failure('camera-no-video', 'The camera delivered no picture.', { action: 'Unplug it and plug it in again.' });
  const { video } = seen.format;
  const seconds = (seen.lastBootMs - seen.firstBootMs) / 1000;
  const framesPerSecond = seconds > 0 ? Math.round(((seen.frames - 1) / seconds) * 10) / 10 : null;
  const gaps = seen.keyBootMs.slice(1).map((bootMs, index) => bootMs - (seen.keyBootMs[index] ?? bootMs));
  const name = { h264: 'H.264', h265: 'H.265', mjpeg: 'Motion JPEG' }[video.codec];
  const rate = framesPerSecond === null ? '' : ` at ${Math.round(framesPerSecond)} frames a second`;
  return {
    stream: {
      videoCodec: video.codec,
      videoCodecString: video.codecString,
      width: video.width,
      height: video.height,
      framesPerSecond,
      audioCodec: null,
      keyIntervalMs: gaps.length > 0 ? Math.round(Math.max(...gaps)) : null,
      bitsPerSecond: seconds > 0 ? Math.round((seen.bytes * 8) / seconds) : null,
    },
    subStream: null,
    audioFound: null,
    summary: `${video.width}×${video.height} ${name}${rate}, without sound`,
    warnings: seen.notes,
  };
}
