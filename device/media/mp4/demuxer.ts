import type { AudioTrack, Packet, VideoTrack } from '../packet.ts';
import { type BoxHeader, concat, readBoxHeader, walkBoxes } from './box.ts';
import { readAudioEntry, readVideoEntry } from './sample-entry.ts';
import { type FragmentSample, readFragment, type TrackDefaults } from './track-run.ts';

export interface DemuxerSink {
  /** Once, before the first packet: what the stream is made of. At least one of them is there. */
  tracks(video: VideoTrack | null, audio: AudioTrack | null): void;
  packet(packet: Packet): void;
}

/** No honest camera makes a frame, let alone a header, bigger than these; whoever does is cut off. Bytes. */
const maxFragmentSize = 32 * 1024 * 1024;
const maxHeaderSize = 1024 * 1024;

interface Track extends TrackDefaults {
  kind: 'video' | 'audio';
  lastDts: number;
}

/**
 * Takes fragmented MP4 apart as it streams in. `push` throws RangeError on bytes that are torn, hostile or of a codec the device does not
 * know; nothing may be pushed after that. Packets keep the bytes that were pushed: a chunk must not be reused.
 */
export class Mp4Demuxer {
  readonly #sink: DemuxerSink;
  readonly #tracks = new Map<number, Track>();
  #pending: Uint8Array[] = [];
  #pendingSize = 0;
  #neededSize = 8;
  #fragment: { samples: FragmentSample[]; size: number } | null = null;

  constructor(sink: DemuxerSink) {
    this.#sink = sink;
  }

  push(chunk: Uint8Array): void {
    this.#pending.push(chunk);
    this.#pendingSize += chunk.length;
    if (this.#pendingSize < this.#neededSize) return;
    const bytes = this.#pending.length === 1 ? chunk : concat(this.#pending);
    let offset = 0;
    for (;;) {
      const header = readBoxHeader(bytes, offset);
      this.#neededSize = header ? header.size : 16;
      if (header) checkSize(header);
      if (!header || offset + header.size > bytes.length) break;
      this.#box(bytes, header);
      offset += header.size;
    }
    this.#pending = [bytes.subarray(offset)];
    this.#pendingSize = bytes.length - offset;
  }

  #box(bytes: Uint8Array, header: BoxHeader): void {
    const box = bytes.subarray(header.offset, header.offset + header.size);
    if (header.type === 'moov') this.#movie(box);
    else if (header.type === 'moof') this.#fragment = { samples: readFragment(box, this.#tracks), size: box.length };
    else if (header.type === 'mdat') this.#media(box, header.headerSize);
  }

  #movie(moov: Uint8Array): void {
    if (this.#tracks.size > 0) throw new RangeError('a second moov');
    const { video, audio, tracks } = readMovie(moov);
    for (const [id, track] of tracks) this.#tracks.set(id, { ...track, lastDts: Number.NEGATIVE_INFINITY });
    if (!video && !audio) throw new RangeError('cannot handle video or sound of this stream: there is none');
    this.#sink.tracks(video, audio);
  }

  #media(mdat: Uint8Array, headerSize: number): void {
    const fragment = this.#fragment;
    this.#fragment = null;
    if (!fragment) return;
    for (const sample of fragment.samples) {
      const track = this.#tracks.get(sample.trackId);
      if (!track) continue;
      const start = sample.offset - fragment.size;
      if (start < headerSize || start + sample.size > mdat.length) throw new RangeError('a sample outside its mdat');
      if (sample.dts <= track.lastDts) throw new RangeError(`decode times do not rise: ${track.kind} ${track.lastDts}, ${sample.dts}`);
      track.lastDts = sample.dts;
      this.#sink.packet({
        track: track.kind,
        dts: sample.dts,
        compositionOffset: sample.compositionOffset,
        duration: sample.duration,
        key: track.kind === 'audio' || sample.key,
        data: new Uint8Array(mdat.buffer, mdat.byteOffset + start, sample.size),
      });
    }
  }
}

function checkSize(header: BoxHeader): void {
  const limit = header.type === 'mdat' ? maxFragmentSize : maxHeaderSize;
  if (header.size > limit) throw new RangeError(`a ${JSON.stringify(header.type)} box of ${header.size} bytes`);
}

interface Movie {
  video: VideoTrack | null;
  audio: AudioTrack | null;
  tracks: Map<number, Omit<Track, 'lastDts'>>;
}

function readMovie(moov: Uint8Array): Movie {
  const movie: Movie = { video: null, audio: null, tracks: new Map() };
  for (const trak of boxesAt(moov, 'trak')) {
    const handler = one(trak, 'mdia', 'hdlr');
    const kind = String.fromCharCode(...handler.subarray(16, 20));
    const id = fieldByVersion(one(trak, 'tkhd'), 20, 28);
    const timescale = fieldByVersion(one(trak, 'mdia', 'mdhd'), 20, 28);
    if (timescale === 0) throw new RangeError('a track without timescale');
    const stsd = one(trak, 'mdia', 'minf', 'stbl', 'stsd');
    const header = readBoxHeader(stsd, 16);
    if (!header || header.offset + header.size > stsd.length) throw new RangeError('torn stsd');
    const entry = stsd.subarray(header.offset, header.offset + header.size);
    const defaults = { defaultDuration: 0, defaultSize: 0, defaultFlags: 0 };
    if (kind === 'vide' && !movie.video) {
      movie.video = readVideoEntry({ ...header, offset: 0 }, entry, timescale);
      movie.tracks.set(id, { kind: 'video', ...defaults });
    } else if (kind === 'soun' && !movie.audio) {
      movie.audio = readAudioEntry({ ...header, offset: 0 }, entry, timescale);
      movie.tracks.set(id, { kind: 'audio', ...defaults });
    }
  }
  for (const trex of boxesAt(moov, 'mvex').flatMap((mvex) => boxesAt(mvex, 'trex'))) {
    if (trex.length < 32) throw new RangeError('torn trex');
    const data = new DataView(trex.buffer, trex.byteOffset, trex.byteLength);
    const track = movie.tracks.get(data.getUint32(12));
    if (track)
      Object.assign(track, { defaultDuration: data.getUint32(20), defaultSize: data.getUint32(24), defaultFlags: data.getUint32(28) });
  }
  return movie;
}

/** The whole boxes of `type` directly inside the box `parent`. */
function boxesAt(parent: Uint8Array, type: string): Uint8Array[] {
  return [...walkBoxes(parent, 8)].filter((box) => box.type === type).map((box) => parent.subarray(box.offset, box.offset + box.size));
}

function one(parent: Uint8Array, ...path: string[]): Uint8Array {
  let box = parent;
  for (const type of path) {
    const found = boxesAt(box, type)[0];
    if (!found) throw new RangeError(`no ${type}`);
    box = found;
  }
  return box;
}

/** A 32-bit field of a full box that lies elsewhere in version 1. */
function fieldByVersion(bytes: Uint8Array, offset0: number, offset1: number): number {
  const offset = bytes[8] === 1 ? offset1 : offset0;
  if (offset + 4 > bytes.length) throw new RangeError('torn full box');
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(offset);
}
