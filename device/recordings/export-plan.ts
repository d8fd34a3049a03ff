import { ascii, concat, walkBoxes } from '#device/media/mp4/box.ts';
import { audioTrackId, durationOffset, initSegment, movieDuration, videoTrackId } from '#device/media/mp4/init-segment.ts';
import { parameterSets } from '#device/media/mp4/parameter-sets.ts';
import type { ReadFragment } from '#device/media/mp4/read-fragment.ts';
import { childrenOf } from '#device/media/mp4/read-movie.ts';
import type { AudioTrack, StreamFormat } from '#device/media/packet.ts';
import type { Part } from './model.ts';
import { checksumBytes, type PartPatch, type TrackPatch } from './movie-fragment.ts';
import type { Cut } from './span.ts';

/** What the plan must know of a cut's file: its format, and the fragments at both ends. */
export interface OpenedCut {
  cut: Cut;
  format: StreamFormat;
  first: ReadFragment;
  /** From the last one back, until each track was met: sound may go on when the pictures have ended, or end before. */
  last: readonly ReadFragment[];
}

export interface ExportPiece extends PartPatch {
  /** Position and length in the movie that is made. */
  outOffset: number;
  outLength: number;
  part: Part;
  path: string;
}

export interface ExportPlan {
  /** `ftyp` and `moov`. */
  head: Uint8Array;
  pieces: ExportPiece[];
  sizeBytes: number;
  durationMs: number;
}

/** One movie of all cuts, the time between them left out. Pure: says every byte's place before any of them is copied. */
export function planExport(opened: readonly OpenedCut[]): ExportPlan {
  const descriptions = describe(opened);
  const pieces: ExportPiece[] = [];
  let endSeconds: TrackSeconds = { video: 0, audio: 0 };
  const head = movieHead(descriptions);
  let outOffset = head.length;
  for (const cut of opened) {
    const shiftSeconds = shiftBehind(endSeconds, cut);
    endSeconds = endOf(cut, shiftSeconds, endSeconds);
    const tracks = patchesOf(cut.format, descriptions, shiftSeconds);
    const growthBytes = needsRoom(tracks) && cut.first.checksum === null ? checksumBytes : 0;
    // Most players know one description a track, so that pictures of several must bring their own parameters.
    const inFront = descriptions.video.length > 1 ? parameterSets(cut.format.video.sampleEntry) : none;
    const { path } = cut.cut.recording;
    for (const part of cut.cut.parts) {
      const sets = part.key ? inFront : none;
      const outLength = part.length + growthBytes + sets.length;
      pieces.push({ outOffset, outLength, part, path, sequence: pieces.length + 1, growthBytes, parameterSets: sets, tracks });
      outOffset += outLength;
    }
  }
  const durationMs = Math.round(Math.max(endSeconds.video, endSeconds.audio) * 1000);
  const durationAt = durationOffset(head);
  if (durationAt !== null) head.set(movieDuration(durationMs), durationAt);
  return { head, pieces, sizeBytes: outOffset, durationMs };
}

const none = new Uint8Array();

interface TrackSeconds {
  video: number;
  audio: number;
}

/** From when to when a fragment holds something of the track; null when it holds nothing. */
export function trackSeconds(
  fragment: ReadFragment,
  format: StreamFormat,
  track: 'video' | 'audio',
): { start: number; end: number } | null {
  const timescale = format[track]?.timescale;
  const found = fragment.tracks.find(({ trackId }) => trackId === (track === 'video' ? videoTrackId : audioTrackId));
  if (!timescale || !found || found.samples.length === 0) return null;
  const ticks = found.samples.reduce((sum, sample) => sum + sample.duration, 0);
  return { start: found.decodeTime / timescale, end: (found.decodeTime + ticks) / timescale };
}

/** The smallest shift with which no track of the cut begins before its end so far: pictures and sound stay together. */
function shiftBehind(endSeconds: TrackSeconds, { first, format }: OpenedCut): number {
  const shifts = (['video', 'audio'] as const).flatMap((track) => {
    const seconds = trackSeconds(first, format, track);
    return seconds ? [endSeconds[track] - seconds.start] : [];
  });
  if (shifts.length === 0) throw new RangeError('a cut that begins with nothing');
  return Math.max(...shifts);
}

function endOf({ first, last, format }: OpenedCut, shiftSeconds: number, before: TrackSeconds): TrackSeconds {
  const end = (track: 'video' | 'audio'): number => {
    const ends = [...last, first].flatMap((fragment) => trackSeconds(fragment, format, track)?.end ?? []);
    return ends.length > 0 ? Math.max(...ends) + shiftSeconds : before[track];
  };
  return { video: end('video'), audio: end('audio') };
}

interface Descriptions {
  format: StreamFormat;
  /** The sample entries of all pictures, each once. */
  video: Uint8Array[];
}

/**
 * The first file says the timescale of the pictures. Sound can be of one kind only, since nothing within AAC tells a player that it changed:
 * the kind that most parts have; other sound is left out.
 */
function describe(opened: readonly OpenedCut[]): Descriptions {
  const first = opened[0];
  if (!first) throw new RangeError('an export of nothing');
  const width = Math.max(...opened.map(({ format }) => format.video.width));
  const height = Math.max(...opened.map(({ format }) => format.video.height));
  return {
    format: { video: { ...first.format.video, width, height }, audio: prevailingSound(opened) },
    video: distinct(opened.map(({ format }) => format.video.sampleEntry)),
  };
}

function prevailingSound(opened: readonly OpenedCut[]): AudioTrack | null {
  const partsOf = new Map<string, { audio: AudioTrack; parts: number }>();
  for (const { cut, format } of opened) {
    if (!format.audio) continue;
    const key = keyOf(format.audio.sampleEntry);
    partsOf.set(key, { audio: format.audio, parts: (partsOf.get(key)?.parts ?? 0) + cut.parts.length });
  }
  return [...partsOf.values()].sort((one, other) => other.parts - one.parts)[0]?.audio ?? null;
}

function distinct(entries: readonly Uint8Array[]): Uint8Array[] {
  return [...new Map(entries.map((entry) => [keyOf(entry), entry])).values()];
}

function keyOf(entry: Uint8Array): string {
  return Buffer.from(entry).toString('base64');
}

function patchesOf(format: StreamFormat, { format: made, video }: Descriptions, shiftSeconds: number): Map<number, TrackPatch> {
  const patch = (from: number, to: number, descriptionIndex: number): TrackPatch => ({
    shiftTicks: Math.round(shiftSeconds * to),
    fromTimescale: from,
    toTimescale: to,
    descriptionIndex,
  });
  const videoKey = keyOf(format.video.sampleEntry);
  const videoIndex = video.findIndex((entry) => keyOf(entry) === videoKey) + 1;
  const patches = new Map([[videoTrackId, patch(format.video.timescale, made.video.timescale, videoIndex)]]);
  if (format.audio && made.audio) {
    const isTheSame = keyOf(format.audio.sampleEntry) === keyOf(made.audio.sampleEntry);
    patches.set(audioTrackId, patch(format.audio.timescale, made.audio.timescale, isTheSame ? 1 : 0));
  }
  return patches;
}

function needsRoom(tracks: ReadonlyMap<number, TrackPatch>): boolean {
  return [...tracks.values()].some(({ descriptionIndex }) => descriptionIndex > 1);
}

/** The init segment of one format, with the sample descriptions of all pictures: they are handed in as one entry, and counted here. */
function movieHead({ format, video }: Descriptions): Uint8Array {
  const head = initSegment({ ...format, video: { ...format.video, sampleEntry: concat(video) } });
  let boxes = [...walkBoxes(head)].filter(({ type }) => type === 'moov');
  for (const type of ['trak', 'mdia', 'minf', 'stbl', 'stsd']) {
    boxes = boxes.flatMap((parent) => childrenOf(head, parent).filter((child) => child.type === type));
  }
  const [videoDescriptions] = boxes;
  if (!videoDescriptions) throw new RangeError('an init segment without descriptions');
  new DataView(head.buffer, head.byteOffset).setUint32(videoDescriptions.offset + 12, video.length);
  return head;
}

/** Names one export among all others: changes when any byte of it could. */
export function exportFingerprint(cuts: readonly Cut[]): Uint8Array {
  const lines = cuts.flatMap(({ recording, parts }) => [recording.id, ...parts.map(({ offset, length }) => `${offset}+${length}`)]);
  return ascii(lines.join('\n'));
}
