import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readBoxHeader, walkBoxes } from '#device/media/mp4/box.ts';
import { readFragment } from '#device/media/mp4/read-fragment.ts';
import { childrenOf, type DeclaredTrack, readTracks } from '#device/media/mp4/read-movie.ts';
import type { AudioTrack, Packet, StreamFormat, TimedPacket, VideoTrack } from '#device/media/packet.ts';

const run = promisify(execFile);

export interface SceneOptions {
  seconds: number;
  framesPerSecond?: number;
  /** Pictures from one key picture to the next. */
  keyInterval?: number;
  codec?: 'h264' | 'h265' | 'mjpeg';
  audio?: boolean;
  /** Pictures that refer to later ones, so that decode and presentation times differ. */
  bFrames?: number;
}

export interface Scene {
  format: StreamFormat;
  /** In the order of their decode times, the first presented at boot time 0. */
  packets: TimedPacket[];
}

/** A test picture with a test tone, encoded by the real ffmpeg: 320×180. */
export async function filmScene(options: SceneOptions): Promise<Scene> {
  const folder = await mkdtemp(join(tmpdir(), 'scene-'));
  try {
    const file = join(folder, 'scene.mp4');
    await run('ffmpeg', ['-hide_banner', '-loglevel', 'error', ...encoding(options), '-y', file]);
    return read(await readFile(file), options.codec ?? 'h264');
  } finally {
    await rm(folder, { recursive: true });
  }
}

function encoding({ seconds, framesPerSecond = 20, keyInterval = 20, codec = 'h264', audio = false, bFrames = 0 }: SceneOptions): string[] {
  const picture = ['-f', 'lavfi', '-i', `testsrc2=size=320x180:rate=${framesPerSecond}:duration=${seconds}`];
  const sound = audio ? ['-f', 'lavfi', '-i', `sine=frequency=440:duration=${seconds}`, '-c:a', 'aac', '-b:a', '48k'] : [];
  const video = {
    h264: ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-bf', `${bFrames}`, '-sc_threshold', '0'],
    h265: ['-c:v', 'libx265', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-x265-params', 'log-level=error:scenecut=0:bframes=0'],
    mjpeg: ['-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p'],
  }[codec];
  const inputs = [...picture, ...sound.slice(0, 4)];
  const container = ['-movflags', '+frag_keyframe+empty_moov+default_base_moof+negative_cts_offsets', '-f', 'mp4'];
  return [...inputs, ...video, '-g', `${keyInterval}`, '-threads', '1', ...sound.slice(4), ...container];
}

function read(bytes: Uint8Array, codec: VideoTrack['codec']): Scene {
  const tracks = readTracks(bytes);
  const format = formatOf(bytes, tracks, codec);
  const packets: TimedPacket[] = [];
  for (const header of walkBoxes(bytes)) {
    if (header.type === 'moof') packets.push(...packetsOf(bytes, header.offset, tracks, codec));
  }
  return { format, packets: packets.sort((one, other) => one.bootMs - other.bootMs) };
}

function packetsOf(bytes: Uint8Array, moofOffset: number, tracks: DeclaredTrack[], codec: VideoTrack['codec']): TimedPacket[] {
  return readFragment(bytes.subarray(moofOffset)).tracks.flatMap((run) => {
    const track = tracks.find((declared) => declared.id === run.trackId);
    if (!track) return [];
    let dts = run.decodeTime;
    return run.samples.map((sample): TimedPacket => {
      const start = moofOffset + sample.offset;
      const packet: Packet = {
        track: track.kind,
        dts,
        compositionOffset: sample.compositionOffset,
        duration: sample.duration,
        key: track.kind === 'audio' || codec === 'mjpeg' || sample.key,
        data: bytes.slice(start, start + sample.sizeBytes),
      };
      dts += sample.duration;
      return { ...packet, bootMs: (packet.dts * 1000) / track.timescale };
    });
  });
}

function formatOf(bytes: Uint8Array, tracks: DeclaredTrack[], codec: VideoTrack['codec']): StreamFormat {
  const entries = sampleEntries(bytes);
  let video: VideoTrack | null = null;
  let audio: AudioTrack | null = null;
  tracks.forEach((track, index) => {
    const sampleEntry = entries[index];
    if (!sampleEntry) throw new Error('a track without sample entry');
    const at = (offset: number) => new DataView(sampleEntry.buffer, sampleEntry.byteOffset).getUint16(offset);
    if (track.kind === 'video') {
      const codecString = codecStringOf(codec, sampleEntry);
      video = { codec, codecString, width: at(32), height: at(34), timescale: track.timescale, sampleEntry };
    } else {
      const rate = track.timescale;
      audio = { codec: 'aac', codecString: 'mp4a.40.2', sampleRateHz: rate, channels: at(24), timescale: rate, sampleEntry };
    }
  });
  if (!video) throw new Error('a scene without picture');
  return { video, audio };
}

function codecStringOf(codec: VideoTrack['codec'], sampleEntry: Uint8Array): string {
  if (codec === 'mjpeg') return 'mp4v.6C';
  if (codec === 'h265') return 'hev1.1.6.L60.90';
  const configuration = readBoxHeader(sampleEntry, 86);
  if (configuration?.type !== 'avcC') throw new Error('an avc1 entry without avcC');
  return `avc1.${Buffer.from(sampleEntry.subarray(86 + 9, 86 + 12)).toString('hex')}`;
}

/** One whole sample entry a track, in file order. */
function sampleEntries(bytes: Uint8Array): Uint8Array[] {
  const found: Uint8Array[] = [];
  const containers = new Set(['moov', 'trak', 'mdia', 'minf', 'stbl']);
  const descend = (offset: number, size: number, headerSize: number): void => {
    for (const child of childrenOf(bytes, { type: 'any', offset, size, headerSize })) {
      if (containers.has(child.type)) descend(child.offset, child.size, child.headerSize);
      const entry = child.type === 'stsd' ? readBoxHeader(bytes, child.offset + 16) : null;
      if (entry) found.push(bytes.slice(entry.offset, entry.offset + entry.size));
    }
  };
  descend(0, bytes.length, 0);
  return found;
}
