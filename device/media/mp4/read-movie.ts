import { type BoxHeader, walkBoxes } from './box.ts';

/** A track as `moov` declares it. */
export interface DeclaredTrack {
  id: number;
  kind: 'video' | 'audio';
  timescale: number;
}

const maximumTracks = 8;

/**
 * The picture and sound tracks of an init segment (`ftyp` and `moov`), in file order.
 * Throws RangeError when there is no `moov`, it is malformed, or a track has no usable time scale.
 */
export function readTracks(init: Uint8Array): DeclaredTrack[] {
  const moov = [...walkBoxes(init)].find((found) => found.type === 'moov');
  if (!moov) throw new RangeError('no moov');
  const tracks: DeclaredTrack[] = [];
  for (const trak of childrenOf(init, moov)) {
    if (trak.type !== 'trak') continue;
    if (tracks.length >= maximumTracks) throw new RangeError('too many tracks');
    const track = readTrack(init, trak);
    if (track) tracks.push(track);
  }
  return tracks;
}

export function childrenOf(bytes: Uint8Array, parent: BoxHeader): BoxHeader[] {
  const end = parent.offset + parent.size;
  if (end > bytes.length) throw new RangeError(`${parent.type} is cut off`);
  return [...walkBoxes(bytes, parent.offset + parent.headerSize, end)];
}

/** The 32-bit number at `at` bytes into the box's payload. */
export function numberIn(bytes: Uint8Array, header: BoxHeader, at: number): number {
  if (header.headerSize + at + 4 > header.size) throw new RangeError(`${header.type} is too short`);
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(header.offset + header.headerSize + at);
}

function readTrack(init: Uint8Array, trak: BoxHeader): DeclaredTrack | null {
  const tkhd = childNamed(init, trak, 'tkhd');
  const mdia = childNamed(init, trak, 'mdia');
  const mdhd = childNamed(init, mdia, 'mdhd');
  const handler = numberIn(init, childNamed(init, mdia, 'hdlr'), 8);
  const kind = handler === fourLetters('vide') ? 'video' : handler === fourLetters('soun') ? 'audio' : null;
  if (!kind) return null;
  const id = numberIn(init, tkhd, longTimes(init, tkhd) ? 20 : 12);
  const timescale = numberIn(init, mdhd, longTimes(init, mdhd) ? 20 : 12);
  if (timescale === 0) throw new RangeError('a track without time scale');
  return { id, kind, timescale };
}

/** Version 1 of a box carries 64-bit creation and modification times. */
function longTimes(bytes: Uint8Array, header: BoxHeader): boolean {
  return numberIn(bytes, header, 0) >>> 24 === 1;
}

function childNamed(bytes: Uint8Array, parent: BoxHeader, type: string): BoxHeader {
  const found = childrenOf(bytes, parent).find((child) => child.type === type);
  if (!found) throw new RangeError(`no ${type} in ${parent.type}`);
  return found;
}

function fourLetters(type: string): number {
  return [...type].reduce((sum, letter) => sum * 256 + letter.charCodeAt(0), 0);
}
