import { h264Types } from '#device/media/nal/h264.ts';
import { h265Types } from '#device/media/nal/h265.ts';
import { type NalCodec, NalDepacketizer } from './nal-depacketizer.ts';
import { PacketStore } from './packet-store.ts';
import { type RtpPacket, SequenceWatch, TimestampClock } from './rtp.ts';

/** One picture with all that belongs to it. */
export interface AccessUnit {
  /** Length-prefixed NAL units. */
  data: Uint8Array;
  key: boolean;
  /** Presentation time, in ticks of the RTP clock since the first packet. */
  ticks: number;
  /** Newest parameter sets seen in the stream, by NAL type. */
  parameterSets: ReadonlyMap<number, Uint8Array>;
}

type Role = 'picture' | 'key' | 'parameters' | 'needless' | 'other';

const roleOf: Readonly<Record<NalCodec, (type: number) => Role>> = {
  h264: (type) => {
    if (type === h264Types.idr) return 'key';
    if (type >= h264Types.slice && type < h264Types.idr) return 'picture';
    if (type === h264Types.sps || type === h264Types.pps) return 'parameters';
    return type >= h264Types.accessUnitDelimiter && type <= h264Types.filler ? 'needless' : 'other';
  },
  h265: (type) => {
    if (type >= h265Types.firstIrap && type <= h265Types.lastIrap) return 'key';
    if (type <= h265Types.lastPicture) return 'picture';
    if (type >= h265Types.vps && type <= h265Types.pps) return 'parameters';
    return type >= h265Types.accessUnitDelimiter && type <= h265Types.filler ? 'needless' : 'other';
  },
};

/** No honest camera makes a larger picture. Bytes. */
const maxLength = 16 * 1024 * 1024;
const maxParameterSetLength = 4096;
const lengthBytes = 4;

/**
 * Puts pictures together from RTP packets. A picture of which a part is missing is left out, and so is every one after it until the
 * next key picture, since they are made from it.
 */
export class AccessUnits {
  readonly #deliver: (unit: AccessUnit) => void;
  readonly #codec: NalCodec;
  readonly #depacketizer: NalDepacketizer;
  readonly #clock = new TimestampClock();
  readonly #sequence = new SequenceWatch();
  readonly #store = new PacketStore();
  readonly #parameterSets = new Map<number, Uint8Array>();
  /** The picture as far as it is here; the unit that comes in begins at `#nalStart`. */
  #unit: Buffer = Buffer.allocUnsafeSlow(65_536);
  #length = 0;
  #nalStart = 0;
  #hasPicture = false;
  #isKey = false;
  #isTorn = false;
  /** Packets are missing before the first one of this picture: whole pictures, or its own first slices. */
  #mayLackBeginning = false;
  #needsKey = true;
  #ticks: number | null = null;

  constructor(codec: NalCodec, deliver: (unit: AccessUnit) => void) {
    this.#codec = codec;
    this.#deliver = deliver;
    this.#depacketizer = new NalDepacketizer(codec, {
      begin: (first, second) => this.#begin(first, second),
      append: (bytes, start, end) => this.#append(bytes, start, end),
      finish: () => this.#finishNal(),
      torn: () => {
        this.#isTorn = true;
        this.#length = this.#nalStart;
      },
    });
  }

  /** `packet` lies in `bytes`. Throws RangeError on what this device does not take apart. */
  push(bytes: Buffer, packet: RtpPacket): void {
    const isNext = this.#sequence.isNext(packet.sequence);
    if (!isNext) {
      this.#depacketizer.gap();
      this.#isTorn = true;
    }
    const ticks = this.#clock.ticks(packet.timestamp);
    if (this.#ticks !== null && ticks !== this.#ticks) {
      this.#finishUnit();
      this.#mayLackBeginning = !isNext;
    }
    this.#ticks = ticks;
    this.#depacketizer.push(bytes, packet.start, packet.end);
    if (packet.marker) this.#finishUnit();
  }

  #begin(first: number, second: number | null): void {
    this.#nalStart = this.#length;
    this.#makeRoom(lengthBytes + 2);
    this.#unit[this.#length + lengthBytes] = first;
    this.#length += lengthBytes + 1;
    if (second === null) return;
    this.#unit[this.#length] = second;
    this.#length += 1;
  }

  #append(bytes: Buffer, start: number, end: number): void {
    this.#makeRoom(end - start);
    bytes.copy(this.#unit, this.#length, start, end);
    this.#length += end - start;
  }

  #makeRoom(length: number): void {
    const needed = this.#length + length;
    if (needed > maxLength) throw new RangeError('a picture that is larger than any camera makes');
    if (needed <= this.#unit.length) return;
    const larger = Buffer.allocUnsafeSlow(2 ** Math.ceil(Math.log2(needed)));
    this.#unit.copy(larger, 0, 0, this.#length);
    this.#unit = larger;
  }

  #finishNal(): void {
    const start = this.#nalStart + lengthBytes;
    this.#unit.writeUInt32BE(this.#length - start, this.#nalStart);
    const first = this.#unit.readUInt8(start);
    const type = this.#codec === 'h264' ? first & 0x1f : (first >> 1) & 0x3f;
    const role = roleOf[this.#codec](type);
    if (role === 'needless') {
      this.#length = this.#nalStart;
      return;
    }
    if (role === 'parameters' && this.#length - start <= maxParameterSetLength) {
      this.#parameterSets.set(type, Uint8Array.from(this.#unit.subarray(start, this.#length)));
    }
    const isSlice = role === 'key' || role === 'picture';
    if (isSlice && !this.#hasPicture && this.#mayLackBeginning) this.#isTorn ||= !this.#isFirstSlice(start);
    this.#isKey ||= role === 'key';
    this.#hasPicture ||= isSlice;
  }

  /** H.264: `first_mb_in_slice` is 0; H.265: `first_slice_segment_in_pic_flag`. Either is the first bit behind the unit's header. */
  #isFirstSlice(start: number): boolean {
    return (this.#unit.readUInt8(start + (this.#codec === 'h264' ? 1 : 2)) & 0x80) !== 0;
  }

  /** Parameter sets that came by themselves wait for their picture. */
  #finishUnit(): void {
    if (this.#isTorn) this.#needsKey = true;
    const isWanted = this.#hasPicture && !this.#isTorn && (this.#isKey || !this.#needsKey);
    if (isWanted && this.#ticks !== null) {
      this.#needsKey = false;
      const data = this.#store.keep(this.#unit, this.#length);
      this.#deliver({ data, key: this.#isKey, ticks: this.#ticks, parameterSets: this.#parameterSets });
    }
    if (!this.#hasPicture && !this.#isTorn) return;
    this.#length = 0;
    this.#hasPicture = false;
    this.#isKey = false;
    this.#isTorn = false;
  }
}
