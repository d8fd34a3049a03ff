import { type BoxHeader, box, concat, readBoxHeader, u32 } from '#device/media/mp4/box.ts';
import { checksumUuid } from '#device/media/mp4/fragment.ts';
import { videoTrackId } from '#device/media/mp4/init-segment.ts';
import { childrenOf, numberIn } from '#device/media/mp4/read-movie.ts';
import { patchRun, patchStart, TimeMap } from './track-times.ts';

/** How one track of a file becomes a track of another movie. */
export interface TrackPatch {
  /** Added to decode times, in ticks of the new timescale. */
  shiftTicks: number;
  fromTimescale: number;
  toTimescale: number;
  /** From 1; 0 leaves the track out. */
  descriptionIndex: number;
}

export interface PartPatch {
  sequence: number;
  /** Bytes the new `moof` is longer than the old one: 0, or `checksumBytes` where the old one has no checksum box to make room. */
  growthBytes: number;
  /** Put in front of the first picture; empty for parts that do not begin with a key picture. */
  parameterSets: Uint8Array;
  /** By track number. */
  tracks: ReadonlyMap<number, TrackPatch>;
}

/** Length of the box with which the recorder protects a part; a sample description index takes of its room. */
export const checksumBytes = 28;

/** Length of the header of `mdat`. */
export const payloadHeaderBytes = 8;

const descriptionFlag = 0x000002;

/**
 * From the beginning of a part (`moof` and the header of `mdat`) that of the same part in another movie: all that differs from the file. It is longer
 * by `growthBytes` and the parameter sets, whatever is patched, so that the size of an export is known before a byte of it is read.
 * Throws RangeError for bytes that are not as this device writes them.
 */
export function patchPart(bytes: Uint8Array, patch: PartPatch): Uint8Array {
  const moof = readBoxHeader(bytes, 0);
  if (moof?.type !== 'moof') throw new RangeError('no whole moof');
  const payload = readBoxHeader(bytes, moof.size);
  if (payload?.type !== 'mdat' || payload.headerSize !== payloadHeaderBytes) throw new RangeError('no mdat behind the moof');
  const payloadHeader = concat([u32(payload.size + patch.parameterSets.length), bytes.subarray(moof.size + 4, moof.size + 8)]);
  return concat([patchMovieFragment(bytes, moof, patch), payloadHeader, patch.parameterSets]);
}

function patchMovieFragment(bytes: Uint8Array, moof: BoxHeader, patch: PartPatch): Uint8Array {
  const children = childrenOf(bytes, moof);
  const fragments = children.filter((child) => child.type === 'traf').map((traf) => patchTrackFragment(bytes, traf, moof.size, patch));
  const neededBytes = fragments.reduce((sum, { addedBytes }) => sum + addedBytes, 0);
  // The checksum stays as long as it is true and its room is not needed.
  const dropsChecksum = (neededBytes > 0 || patch.parameterSets.length > 0) && children.some((child) => isChecksum(bytes, child));
  const spareBytes = patch.growthBytes + (dropsChecksum ? checksumBytes : 0) - neededBytes;
  if (spareBytes < 0 || (spareBytes > 0 && spareBytes < 8)) throw new RangeError('no room for a sample description index');
  const kept = children
    .filter((child) => child.type !== 'traf' && child.type !== 'mfhd' && !(dropsChecksum && isChecksum(bytes, child)))
    .map((child) => bytes.subarray(child.offset, child.offset + child.size));
  const spare = spareBytes > 0 ? [box('free', new Uint8Array(spareBytes - 8))] : [];
  const header = box('mfhd', u32(0, patch.sequence));
  const patched = box('moof', header, ...kept, ...fragments.map((fragment) => fragment.bytes), ...spare);
  if (patched.length !== moof.size + patch.growthBytes) throw new RangeError('a moof that this device does not write');
  return patched;
}

function isChecksum(bytes: Uint8Array, child: BoxHeader): boolean {
  if (child.type !== 'uuid' || child.size !== checksumBytes) return false;
  return checksumUuid.every((byte, index) => bytes[child.offset + child.headerSize + index] === byte);
}

function patchTrackFragment(
  bytes: Uint8Array,
  traf: BoxHeader,
  moofBytes: number,
  patch: PartPatch,
): { bytes: Uint8Array; addedBytes: number } {
  const children = childrenOf(bytes, traf);
  const header = children.find((child) => child.type === 'tfhd');
  if (!header) throw new RangeError('a traf without tfhd');
  const trackId = numberIn(bytes, header, 4);
  const track = patch.tracks.get(trackId);
  if (!track) throw new RangeError('a traf of an unknown track');
  if (track.descriptionIndex === 0)
    return { bytes: box('free', bytes.subarray(traf.offset + traf.headerSize, traf.offset + traf.size)), addedBytes: 0 };
  const newHeader = patchHeader(bytes, header, track.descriptionIndex);
  const times = new TimeMap(track);
  const isVideo = trackId === videoTrackId;
  const runPatch = {
    payloadOffset: moofBytes + payloadHeaderBytes,
    growthBytes: patch.growthBytes,
    firstSampleGrowthBytes: isVideo ? patch.parameterSets.length : 0,
    precedingGrowthBytes: isVideo ? 0 : patch.parameterSets.length,
  };
  const newChildren = children.map((child) => {
    if (child === header) return newHeader;
    const copy = bytes.slice(child.offset, child.offset + child.size);
    if (child.type === 'tfdt') patchStart(copy, times);
    if (child.type === 'trun') patchRun(copy, times, runPatch);
    return copy;
  });
  return { bytes: box('traf', ...newChildren), addedBytes: newHeader.length - header.size };
}

function patchHeader(bytes: Uint8Array, header: BoxHeader, descriptionIndex: number): Uint8Array {
  const payload = bytes.subarray(header.offset + header.headerSize, header.offset + header.size);
  const flags = numberIn(bytes, header, 0);
  if (flags & 0x01 || flags & descriptionFlag) throw new RangeError('a tfhd that this device does not write');
  if (descriptionIndex === 1) return box('tfhd', payload);
  return box('tfhd', u32(flags | descriptionFlag), payload.subarray(4, 8), u32(descriptionIndex), payload.subarray(8));
}
