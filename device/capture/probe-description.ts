import { z } from 'zod';
import type { CameraSource, ProbeResult, StreamInfo } from '#device/contract/contract.ts';
import { Failure } from '#device/kernel/failure.ts';
import { avcCodecString } from '#device/media/mp4/sample-entry.ts';

/** Pure: from what ffprobe answers to plain words. */

const answerSchema = z.object({
  streams: z.array(
    z.object({
      codec_type: z.string().optional(),
      codec_name: z.string().optional(),
      profile: z.string().optional(),
      level: z.number().optional(),
      width: z.number().optional(),
      height: z.number().optional(),
      avg_frame_rate: z.string().optional(),
      r_frame_rate: z.string().optional(),
      has_b_frames: z.number().optional(),
    }),
  ),
  packets: z
    .array(
      z.object({
        codec_type: z.string().optional(),
        pts_time: z.string().optional(),
        dts_time: z.string().optional(),
        flags: z.string().optional(),
        size: z.string().optional(),
      }),
    )
    .optional(),
});

type Answer = z.infer<typeof answerSchema>;

export interface FoundStreams {
  stream: StreamInfo;
  hasBFrames: boolean;
  /** ffmpeg's name of the sound's codec; null without sound. */
  audio: string | null;
  /** How much of the stream was seen. */
  seenMs: number;
}

const codecs: Record<string, StreamInfo['videoCodec']> = { h264: 'h264', hevc: 'h265', mjpeg: 'mjpeg' };
const codecNames = { h264: 'H.264', h265: 'H.265', mjpeg: 'Motion JPEG' };
const avcProfiles: Record<string, [number, number]> = {
  'Constrained Baseline': [66, 0xc0],
  Baseline: [66, 0],
  Main: [77, 0],
  High: [100, 0],
};

/** Throws a Failure when there is no video, or none that the device can take. */
export function readProbe(answer: string): FoundStreams {
  const parsed = parse(answer);
  const video = parsed.streams.find((stream) => stream.codec_type === 'video');
  if (!video) {
    throw new Failure('camera-no-video', 'There is no video in this stream.', {
      action: 'Check the path in the address; this one may be sound only.',
    });
  }
  const videoCodec = codecs[video.codec_name ?? ''];
  if (!videoCodec) {
    throw new Failure(
      'camera-unsupported-codec',
      `The camera sends ${video.codec_name ?? 'an unknown format'}, which this device cannot take.`,
      {
        action: 'Set the camera to H.264 or H.265.',
      },
    );
  }
  const packets = (parsed.packets ?? []).filter((packet) => packet.codec_type === 'video');
  const times = packets.map((packet) => Number(packet.pts_time ?? packet.dts_time)).filter(Number.isFinite);
  const seconds = times.length > 1 ? Math.max(...times) - Math.min(...times) : 0;
  const bytes = packets.reduce((sum, packet) => sum + Number(packet.size ?? 0), 0);
  const audio = parsed.streams.find((stream) => stream.codec_type === 'audio')?.codec_name ?? null;
  return {
    stream: {
      videoCodec,
      videoCodecString: codecString(videoCodec, video),
      width: video.width ?? 0,
      height: video.height ?? 0,
      framesPerSecond:
        rate(video.avg_frame_rate) ?? rate(video.r_frame_rate) ?? (seconds > 0 ? Math.round((times.length - 1) / seconds) : null),
      audioCodec: audio === null ? null : 'aac',
      keyIntervalMs: keyInterval(packets),
      bitsPerSecond: seconds > 0 ? Math.round((bytes * 8) / seconds) : null,
    },
    hasBFrames: (video.has_b_frames ?? 0) > 0,
    audio,
    seenMs: seconds * 1000,
  };
}

function parse(answer: string): Answer {
  try {
    return answerSchema.parse(JSON.parse(answer));
  } catch (cause) {
    throw new Failure('camera-no-video', 'What comes from this address is not a video stream.', {
      action: 'Check host, port and path of the address.',
      cause,
    });
  }
}

function codecString(codec: StreamInfo['videoCodec'], video: Answer['streams'][number]): string {
  const level = Math.max(0, Math.min(255, video.level ?? 0));
  if (codec === 'mjpeg') return 'mp4v.6C';
  if (codec === 'h265') return `hvc1.${video.profile === 'Main 10' ? '2.4' : '1.6'}.L${level}.B0`;
  const [profile, constraints] = avcProfiles[video.profile ?? ''] ?? [100, 0];
  return avcCodecString(Uint8Array.of(1, profile, constraints, level, 255, 225, 0));
}

function rate(fraction: string | undefined): number | null {
  const [above = 0, below = 0] = (fraction ?? '').split('/').map(Number);
  const value = above / below;
  return Number.isFinite(value) && value > 0 && value <= 240 ? Math.round(value * 100) / 100 : null;
}

function keyInterval(packets: NonNullable<Answer['packets']>): number | null {
  const times = packets.filter((packet) => packet.flags?.includes('K')).map((packet) => Number(packet.pts_time ?? packet.dts_time));
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? time));
  const longest = Math.max(...gaps.filter(Number.isFinite), 0);
  return longest > 0 ? Math.round(longest * 1000) : null;
}

export function describeProbe(source: CameraSource, main: FoundStreams, sub: FoundStreams | null, subTrouble: string | null): ProbeResult {
  const { stream } = main;
  const rateWords = stream.framesPerSecond === null ? '' : ` at ${Math.round(stream.framesPerSecond)} frames a second`;
  const subWords = sub ? ` and a sub-stream of ${sub.stream.width}×${sub.stream.height} ${codecNames[sub.stream.videoCodec]}` : '';
  const sound = main.audio === null ? 'without sound' : 'with sound';
  return {
    stream,
    subStream: sub?.stream ?? null,
    audioFound: main.audio,
    summary: `${stream.width}×${stream.height} ${codecNames[stream.videoCodec]}${rateWords}, ${sound}${subWords}`,
    warnings: [...videoWarnings(main, sub !== null), ...soundWarnings(source, main), ...subWarnings(subTrouble)],
  };
}

const longKeyIntervalMs = 4000;

function videoWarnings({ stream, hasBFrames, seenMs }: FoundStreams, hasSub: boolean): string[] {
  const warnings: string[] = [];
  if (stream.videoCodec === 'h265')
    warnings.push('Not every browser can play H.265: live view and recordings may stay dark there. H.264 plays everywhere.');
  if (stream.videoCodec === 'mjpeg') {
    warnings.push('Motion JPEG needs much space, and browsers do not play recordings of it: download them, or set the camera to H.264.');
  }
  const isLong = stream.keyIntervalMs === null ? seenMs > longKeyIntervalMs : stream.keyIntervalMs > longKeyIntervalMs;
  if (isLong && !hasSub && stream.videoCodec !== 'mjpeg') {
    warnings.push(
      'Full pictures come more than 4 seconds apart: motion is noticed late and live view starts slowly. Set the key frame interval to 2 seconds, or name a sub-stream.',
    );
  }
  if (hasBFrames)
    warnings.push('The camera sends B-frames, which delay live view and motion. Switch them off if it can (“baseline” or “main” profile).');
  return warnings;
}

function soundWarnings(source: CameraSource, { audio }: FoundStreams): string[] {
  if (source.kind === 'demo') return [];
  if (audio === null) return ['There is no sound in this stream.'];
  return audio === 'aac' ? [] : [`The sound (${audio}) is converted to AAC, which costs a little work.`];
}

function subWarnings(trouble: string | null): string[] {
  return trouble === null ? [] : [`The sub-stream cannot be used: ${trouble} Motion is looked for in the main stream instead.`];
}
