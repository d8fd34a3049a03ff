import { crc32 } from 'node:zlib';
import type { Packet, StreamFormat } from '../packet.ts';
import { ascii, box, concat, fullBox, u32, u64 } from './box.ts';
import { audioTrackId, keySampleFlags, otherSampleFlags, videoTrackId } from './init-segment.ts';

/** Names the `uuid` box inside `moof` that holds the CRC-32 of the `mdat` payload. */
export const checksumUuid = Uint8Array.of(0x6b, 0x65, 0x72, 0x62, 0x65, 0x72, 0x6f, 0x73, 0x9d, 0x1c, 0x4a, 0x52, 0xb7, 0x0e, 0x31, 0x02);

/** The instant that becomes 0, in the ticks of each track. */
export interface BaseTimes {
  video: number;
  audio: number;
}

export interface FragmentOptions {
  /** Adds a checksum with which a reader can tell a part that reached the disk from one that did only in part. */
  checksum?: boolean;
}

/** The zero of a file or stream that begins with this video packet. */
export function baseTimesAt(format: StreamFormat, first: Packet): BaseTimes {
  const audio = format.audio ? Math.round((first.dts / format.video.timescale) * format.audio.timescale) : 0;
  return { video: first.dts, audio };
}

/**
 * One `moof` and one `mdat` with these packets, each track in the order given. Packets that lie before `baseTimes` are left out
 * (sound that belongs to the picture before). Lengths follow the decode times, so that nothing drifts within a fragment.
 */
export function fragment(...what: Parameters<typeof fragmentPieces>): Uint8Array {
  return concat(fragmentPieces(...what));
}

/** The same in pieces, for who writes them one behind the other: the packets themselves are among them and not copied. */
export function fragmentPieces(
  sequence: number,
  packets: readonly Packet[],
  baseTimes: BaseTimes = { video: 0, audio: 0 },
  options: FragmentOptions = {},
): Uint8Array[] {
  const video = packets.filter((packet) => packet.track === 'video' && packet.dts >= baseTimes.video);
  const audio = packets.filter((packet) => packet.track === 'audio' && packet.dts >= baseTimes.audio);
  const payload = [...video, ...audio].map((packet) => packet.data);
  const payloadBytes = payload.reduce((sum, data) => sum + data.length, 0);
  const checksum = options.checksum ? payload.reduce((sum, data) => crc32(data, sum), 0) : null;
  const videoBytes = video.reduce((sum, packet) => sum + packet.data.length, 0);
  const movieFragment = (moofLength: number): Uint8Array => {
    const children = [fullBox('mfhd', 0, 0, u32(sequence))];
    if (checksum !== null) children.push(box('uuid', checksumUuid, u32(checksum)));
    if (video.length > 0) children.push(videoRun(video, baseTimes.video, moofLength + 8));
    if (audio.length > 0) children.push(audioRun(audio, baseTimes.audio, moofLength + 8 + videoBytes));
    return box('moof', ...children);
  };
  // The data offsets need the length of the box they stand in; it does not depend on their values.
  const moof = movieFragment(movieFragment(0).length);
  return [concat([moof, u32(payloadBytes + 8), ascii('mdat')]), ...payload];
}

function videoRun(packets: readonly Packet[], baseTime: number, dataOffset: number): Uint8Array {
  const entries = packets.flatMap((packet, index) => [
    durationOf(packets, index),
    packet.data.length,
    packet.key ? keySampleFlags : otherSampleFlags,
    packet.compositionOffset,
  ]);
  const offsetDurationSizeFlagsComposition = 0x000f01;
  return trackFragment(
    videoTrackId,
    packets,
    baseTime,
    fullBox('trun', 1, offsetDurationSizeFlagsComposition, u32(packets.length, dataOffset, ...entries)),
  );
}

function audioRun(packets: readonly Packet[], baseTime: number, dataOffset: number): Uint8Array {
  const entries = packets.flatMap((packet, index) => [durationOf(packets, index), packet.data.length]);
  const offsetDurationSize = 0x000301;
  return trackFragment(
    audioTrackId,
    packets,
    baseTime,
    fullBox('trun', 1, offsetDurationSize, u32(packets.length, dataOffset, ...entries)),
  );
}

function trackFragment(id: number, packets: readonly Packet[], baseTime: number, run: Uint8Array): Uint8Array {
  const baseIsMoof = 0x020000;
  const decodeTime = (packets[0]?.dts ?? baseTime) - baseTime;
  return box('traf', fullBox('tfhd', 0, baseIsMoof, u32(id)), fullBox('tfdt', 1, 0, u64(decodeTime)), run);
}

function durationOf(packets: readonly Packet[], index: number): number {
  const packet = packets[index];
  if (!packet) return 0;
  const next = packets[index + 1];
  return next && next.dts > packet.dts ? next.dts - packet.dts : packet.duration;
}
