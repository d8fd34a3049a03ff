import { jpegSize } from '#device/media/jpeg-size.ts';
import { walkBoxes } from '#device/media/mp4/box.ts';
import type { VideoTrack } from '#device/media/packet.ts';

const visualHeaderSize = 86;

/** The NAL units of a length-prefixed access unit (four-byte lengths); a torn last one is left out. */
export function* nalUnits(data: Uint8Array): Generator<Uint8Array> {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  let offset = 0;
  while (offset + 4 <= data.length) {
    const size = view.getUint32(offset);
    if (size === 0 || offset + 4 + size > data.length) return;
    yield data.subarray(offset + 4, offset + 4 + size);
    offset += 4 + size;
  }
}

/** SPS, PPS and (H.265) VPS of a track's sample entry, in the order they are to be sent. Empty for MJPEG. */
export function parameterSets(track: VideoTrack): Uint8Array[] {
  if (track.codec === 'mjpeg') return [];
  const type = track.codec === 'h264' ? 'avcC' : 'hvcC';
  const entry = track.sampleEntry;
  const box = [...walkBoxes(entry, visualHeaderSize)].find((candidate) => candidate.type === type);
  if (!box) throw new RangeError(`no ${type}`);
  const payload = entry.subarray(box.offset + box.headerSize, box.offset + box.size);
  return track.codec === 'h264' ? avcSets(payload) : hevcSets(payload);
}

class Cursor {
  readonly #bytes: Uint8Array;
  #position: number;

  constructor(bytes: Uint8Array, position: number) {
    this.#bytes = bytes;
    this.#position = position;
  }

  u8(): number {
    const value = this.#bytes[this.#position];
    if (value === undefined) throw new RangeError('torn decoder configuration');
    this.#position += 1;
    return value;
  }

  u16(): number {
    return this.u8() * 256 + this.u8();
  }

  nal(): Uint8Array {
    const size = this.u16();
    this.#position += size;
    if (this.#position > this.#bytes.length) throw new RangeError('torn decoder configuration');
    return this.#bytes.subarray(this.#position - size, this.#position);
  }
}

function avcSets(avcC: Uint8Array): Uint8Array[] {
  const cursor = new Cursor(avcC, 5);
  const sps = Array.from({ length: cursor.u8() & 0x1f }, () => cursor.nal());
  const pps = Array.from({ length: cursor.u8() }, () => cursor.nal());
  return [...sps, ...pps];
}

function hevcSets(hvcC: Uint8Array): Uint8Array[] {
  const cursor = new Cursor(hvcC, 22);
  const arrays = cursor.u8();
  const sets: Uint8Array[] = [];
  for (let array = 0; array < arrays; array += 1) {
    cursor.u8();
    const count = cursor.u16();
    for (let index = 0; index < count; index += 1) sets.push(cursor.nal());
  }
  return sets;
}

/** The sequence parameter set inside a key packet, or the size in a JPEG's header, as text to compare; null when it names none. */
export function pictureShape(codec: VideoTrack['codec'], data: Uint8Array): string | null {
  if (codec === 'mjpeg') {
    const size = jpegSize(data);
    return size ? `${size.width}x${size.height}` : null;
  }
  for (const nal of nalUnits(data)) {
    const type = codec === 'h264' ? (nal[0] ?? 0) & 0x1f : ((nal[0] ?? 0) >> 1) & 0x3f;
    if (type === (codec === 'h264' ? 7 : 33)) return Buffer.from(nal).toString('hex');
  }
  return null;
}
