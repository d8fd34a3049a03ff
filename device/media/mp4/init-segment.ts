import type { AudioTrack, StreamFormat, VideoTrack } from '../packet.ts';
import { ascii, box, concat, fullBox, readBoxHeader, u8, u16, u32, u64, walkBoxes } from './box.ts';

/** Track numbers in every file and live stream of this device. */
export const videoTrackId = 1;
export const audioTrackId = 2;

/** Ticks a second of `mehd` and `mvhd`: their durations are milliseconds. */
const movieTimescale = 1000;

/** Names the `uuid` box whose payload makes a recording's file self-describing. */
export const metadataUuid = Uint8Array.of(0x6b, 0x65, 0x72, 0x62, 0x65, 0x72, 0x6f, 0x73, 0x9d, 0x1c, 0x4a, 0x52, 0xb7, 0x0e, 0x31, 0x01);

/** Sample flags of ISO/IEC 14496-12, 8.8.3.1. */
export const keySampleFlags = 0x02000000;
export const otherSampleFlags = 0x01010000;

export interface InitSegmentOptions {
  /** Size of a `free` box behind everything else, 0 for none, at least 8: an index takes its place later. It begins at a multiple of 8. */
  reservedBytes?: number;
  /** Payload of a `uuid` box behind `moov`. */
  metadata?: Uint8Array;
}

/** `ftyp` and `moov` of a fragmented file, then the metadata and reserved boxes asked for. Its `mehd` says 0 until someone patches it. */
export function initSegment(format: StreamFormat, options: InitSegmentOptions = {}): Uint8Array {
  const head = concat([fileType(), movie(format)]);
  const parts = [head];
  let length = head.length;
  if (options.metadata) {
    const metadata = box('uuid', metadataUuid, options.metadata, padding(length + 24 + options.metadata.length));
    parts.push(metadata);
    length += metadata.length;
  }
  if (options.reservedBytes) {
    if (options.reservedBytes < 8) throw new RangeError('a reserved box needs 8 bytes');
    if (length % 8 !== 0) parts.push(box('free', padding(length + 8)));
    parts.push(box('free', new Uint8Array(options.reservedBytes - 8)));
  }
  return concat(parts);
}

/** For `MediaSource.addSourceBuffer`, e.g. `video/mp4; codecs="avc1.64001f, mp4a.40.2"`. */
export function mimeOf(format: StreamFormat): string {
  const video = format.video.codecString.replace(/^hev1/, 'hvc1');
  const codecs = format.audio ? `${video}, ${format.audio.codecString}` : video;
  return `video/mp4; codecs="${codecs}"`;
}

/** The 8 bytes of an init segment that hold the whole duration: write `movieDuration(ms)` there. null when it has none. */
export function durationOffset(init: Uint8Array): number | null {
  const moov = [...walkBoxes(init)].find((found) => found.type === 'moov');
  if (!moov) return null;
  for (const child of walkBoxes(init, moov.offset + moov.headerSize, moov.offset + moov.size)) {
    if (child.type !== 'mvex') continue;
    const mehd = readBoxHeader(init, child.offset + child.headerSize);
    if (mehd?.type === 'mehd' && mehd.size === 20) return mehd.offset + 12;
  }
  return null;
}

export function movieDuration(durationMs: number): Uint8Array {
  return u64(durationMs);
}

/** Bytes that bring `length` to a multiple of 8. Spaces, so that they can follow JSON. */
function padding(length: number): Uint8Array {
  return new Uint8Array((8 - (length % 8)) % 8).fill(0x20);
}

function fileType(): Uint8Array {
  return box('ftyp', ascii('iso6'), u32(0), ascii('iso6iso5mp41'));
}

function movie({ video, audio }: StreamFormat): Uint8Array {
  const tracks = [videoTrack(video)];
  const defaults = [trackDefaults(videoTrackId, otherSampleFlags)];
  if (audio) {
    tracks.push(audioTrack(audio));
    defaults.push(trackDefaults(audioTrackId, keySampleFlags));
  }
  const header = fullBox(
    'mvhd',
    0,
    0,
    u32(0, 0, movieTimescale, 0, 0x00010000),
    u16(0x0100, 0),
    u32(0, 0),
    unityMatrix(),
    new Uint8Array(24),
    u32(audio ? audioTrackId + 1 : videoTrackId + 1),
  );
  return box('moov', header, ...tracks, box('mvex', fullBox('mehd', 1, 0, u64(0)), ...defaults));
}

function trackDefaults(id: number, flags: number): Uint8Array {
  return fullBox('trex', 0, 0, u32(id, 1, 0, 0, flags));
}

function videoTrack(video: VideoTrack): Uint8Array {
  const header = trackHeader(videoTrackId, 0, video.width, video.height);
  const mediaHeader = fullBox('vmhd', 0, 1, u16(0, 0, 0, 0));
  return box('trak', header, media('vide', 'Video', video.timescale, mediaHeader, withOutOfBandParameters(video.sampleEntry)));
}

function audioTrack(audio: AudioTrack): Uint8Array {
  const header = trackHeader(audioTrackId, 0x0100, 0, 0);
  return box('trak', header, media('soun', 'Audio', audio.timescale, fullBox('smhd', 0, 0, u16(0, 0)), audio.sampleEntry));
}

/** `hvc1` plays where `hev1` does not (Apple); both carry the same configuration record. */
function withOutOfBandParameters(sampleEntry: Uint8Array): Uint8Array {
  if (readBoxHeader(sampleEntry, 0)?.type !== 'hev1') return sampleEntry;
  const renamed = Uint8Array.from(sampleEntry);
  renamed.set(ascii('hvc1'), 4);
  return renamed;
}

function trackHeader(id: number, volume: number, width: number, height: number): Uint8Array {
  const enabledInMovieAndPreview = 7;
  return fullBox(
    'tkhd',
    0,
    enabledInMovieAndPreview,
    u32(0, 0, id, 0, 0, 0, 0),
    u16(0, 0, volume, 0),
    unityMatrix(),
    u32(width * 0x10000, height * 0x10000),
  );
}

function media(handler: string, name: string, timescale: number, mediaHeader: Uint8Array, sampleEntry: Uint8Array): Uint8Array {
  const undetermined = 0x55c4;
  const samples = box(
    'stbl',
    fullBox('stsd', 0, 0, u32(1), sampleEntry),
    fullBox('stts', 0, 0, u32(0)),
    fullBox('stsc', 0, 0, u32(0)),
    fullBox('stsz', 0, 0, u32(0, 0)),
    fullBox('stco', 0, 0, u32(0)),
  );
  const inThisFile = box('dinf', fullBox('dref', 0, 0, u32(1), fullBox('url ', 0, 1)));
  return box(
    'mdia',
    fullBox('mdhd', 0, 0, u32(0, 0, timescale, 0), u16(undetermined, 0)),
    fullBox('hdlr', 0, 0, u32(0), ascii(handler), u32(0, 0, 0), ascii(name), u8(0)),
    box('minf', mediaHeader, inThisFile, samples),
  );
}

function unityMatrix(): Uint8Array {
  return u32(0x00010000, 0, 0, 0, 0x00010000, 0, 0, 0, 0x40000000);
}
