import type { AudioTrack, StreamFormat, VideoCodec, VideoTrack } from '../packet.ts';
import { type BoxHeader, walkBoxes } from './box.ts';
import { audioTrackId, videoTrackId } from './init-segment.ts';
import { childrenOf, numberIn } from './read-movie.ts';

/**
 * The format of a file from the `ftyp` and `moov` that init-segment.ts wrote; codec strings come from the decoder configuration.
 * Throws RangeError for bytes that are not that.
 */
export function readStreamFormat(init: Uint8Array): StreamFormat {
  const moov = [...walkBoxes(init)].find((found) => found.type === 'moov');
  if (!moov) throw new RangeError('no whole moov');
  let video: VideoTrack | null = null;
  let audio: AudioTrack | null = null;
  for (const trak of childrenOf(init, moov).filter((found) => found.type === 'trak')) {
    const track = readTrack(init, trak);
    if (track.handler === 'vide' && track.id === videoTrackId) video = videoTrackOf(track);
    if (track.handler === 'soun' && track.id === audioTrackId) audio = audioTrackOf(track);
  }
  if (!video) throw new RangeError('no video track');
  return { video, audio };
}

interface Track {
  id: number;
  handler: string;
  timescale: number;
  sampleEntry: Uint8Array;
}

function readTrack(init: Uint8Array, trak: BoxHeader): Track {
  const mdia = child(init, trak, 'mdia');
  const stsd = child(init, child(init, child(init, mdia, 'minf'), 'stbl'), 'stsd');
  const entry = [...walkBoxes(init, stsd.offset + 16, stsd.offset + stsd.size)][0];
  if (!entry) throw new RangeError('no sample entry');
  const timescale = fieldBehindTimes(init, child(init, mdia, 'mdhd'));
  if (timescale === 0) throw new RangeError('timescale 0');
  return {
    id: fieldBehindTimes(init, child(init, trak, 'tkhd')),
    handler: fourCharacters(init, child(init, mdia, 'hdlr').offset + 16),
    timescale,
    sampleEntry: init.slice(entry.offset, entry.offset + entry.size),
  };
}

/** The field behind creation and modification time, which version 1 writes with 64 bits: the track id of `tkhd`, the timescale of `mdhd`. */
function fieldBehindTimes(bytes: Uint8Array, box: BoxHeader): number {
  const version = numberIn(bytes, box, 0) >>> 24;
  return numberIn(bytes, box, version === 1 ? 20 : 12);
}

const videoCodecOfEntry: Readonly<Record<string, VideoCodec>> = { avc1: 'h264', avc3: 'h264', hvc1: 'h265', hev1: 'h265', mp4v: 'mjpeg' };

function videoTrackOf({ sampleEntry, timescale }: Track): VideoTrack {
  const type = fourCharacters(sampleEntry, 4);
  const codec = videoCodecOfEntry[type];
  if (!codec || sampleEntry.length < 86) throw new RangeError(`unknown video sample entry ${type}`);
  const view = new DataView(sampleEntry.buffer);
  return {
    codec,
    codecString: videoCodecString(sampleEntry, type),
    width: view.getUint16(32),
    height: view.getUint16(34),
    timescale,
    sampleEntry,
  };
}

function audioTrackOf({ sampleEntry, timescale }: Track): AudioTrack {
  if (fourCharacters(sampleEntry, 4) !== 'mp4a' || sampleEntry.length < 36) throw new RangeError('unknown audio sample entry');
  const view = new DataView(sampleEntry.buffer);
  const sampleRateHz = view.getUint16(32);
  return { codec: 'aac', codecString: 'mp4a.40.2', sampleRateHz, channels: view.getUint16(24), timescale, sampleEntry };
}

function videoCodecString(sampleEntry: Uint8Array, type: string): string {
  const configurations = [...walkBoxes(sampleEntry, 86)];
  const payloadOf = (name: string, minimum: number): Uint8Array => {
    const found = configurations.find((box) => box.type === name && box.size >= 8 + minimum);
    if (!found) throw new RangeError(`${type} without ${name}`);
    return sampleEntry.subarray(found.offset + 8, found.offset + found.size);
  };
  if (type === 'mp4v') return 'mp4v.6c';
  if (type.startsWith('avc')) return `${type}.${hex(payloadOf('avcC', 4).subarray(1, 4))}`;
  return `${type}.${hevcProfile(payloadOf('hvcC', 13))}`;
}

/** ISO/IEC 14496-15, annex E: profile, compatibility in reverse bit order, tier and level, constraint bytes without trailing zeros. */
function hevcProfile(configuration: Uint8Array): string {
  const view = new DataView(configuration.buffer, configuration.byteOffset);
  const profile = view.getUint8(1);
  let compatibility = 0;
  for (let bit = 0; bit < 32; bit += 1) if ((view.getUint32(2) >>> bit) & 1) compatibility += 2 ** (31 - bit);
  const constraints = [...configuration.subarray(6, 12)];
  while (constraints.at(-1) === 0) constraints.pop();
  const space = ['', 'A', 'B', 'C'][profile >>> 6] ?? '';
  const tier = profile & 0x20 ? 'H' : 'L';
  const parts = [`${space}${profile & 0x1f}`, compatibility.toString(16), `${tier}${view.getUint8(12)}`];
  return [...parts, ...constraints.map((byte) => byte.toString(16))].join('.');
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function fourCharacters(bytes: Uint8Array, offset: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + 4));
}

function child(bytes: Uint8Array, parent: BoxHeader, type: string): BoxHeader {
  const found = childrenOf(bytes, parent).find((box) => box.type === type);
  if (!found) throw new RangeError(`${parent.type} without ${type}`);
  return found;
}
