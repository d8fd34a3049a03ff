import { describe, expect, test } from 'vitest';
import { type AccessUnit, AccessUnits } from './access-units.ts';
import type { NalCodec } from './nal-depacketizer.ts';
import { emptyRtpPacket, readRtp } from './rtp.ts';

/** Says packets as a camera would, and collects the pictures. */
class Line {
  readonly units: (AccessUnit & { nals: string[] })[] = [];
  readonly #units: AccessUnits;
  #sequence = 65_530;
  #timestamp = 2 ** 32 - 9000;

  constructor(codec: NalCodec = 'h264') {
    this.#units = new AccessUnits(codec, (unit) => this.units.push({ ...unit, nals: nalsOf(unit.data) }));
  }

  say(payload: readonly number[], marker = false): this {
    const header = Buffer.alloc(12);
    header[0] = 0x80;
    header[1] = (marker ? 0x80 : 0) | 96;
    header.writeUInt16BE(this.#sequence & 0xffff, 2);
    header.writeUInt32BE(this.#timestamp % 2 ** 32, 4);
    const bytes = Buffer.concat([header, Buffer.from(payload)]);
    const packet = emptyRtpPacket();
    expect(readRtp(bytes, 0, bytes.length, packet)).toBe(true);
    this.#units.push(bytes, packet);
    this.#sequence += 1;
    return this;
  }

  next(): this {
    this.#timestamp += 4500;
    return this;
  }

  lose(): this {
    this.#sequence += 1;
    return this;
  }
}

function nalsOf(data: Uint8Array): string[] {
  const bytes = Buffer.from(data);
  const nals: string[] = [];
  for (let offset = 0; offset < bytes.length; offset += 4 + bytes.readUInt32BE(offset)) {
    nals.push(bytes.toString('hex', offset + 4, offset + 4 + bytes.readUInt32BE(offset)));
  }
  return nals;
}

const sps = [0x67, 1, 2];
const pps = [0x68, 3];
const key = [0x65, 0xaa];
/** One that does not begin at the first macroblock. */
const laterKeySlice = [0x65, 0x2a];
const slice = [0x41, 0xbb];

describe('pictures from RTP', () => {
  test('are what lies between two markers, with their parameter sets', () => {
    const line = new Line().say(sps).say(pps).say(key, true).next().say(slice, true);
    expect(line.units.map(({ key: isKey, ticks, nals }) => ({ isKey, ticks, nals }))).toEqual([
      { isKey: true, ticks: 0, nals: ['670102', '6803', '65aa'] },
      { isKey: false, ticks: 4500, nals: ['41bb'] },
    ]);
    expect([...(line.units[0]?.parameterSets.keys() ?? [])]).toEqual([7, 8]);
  });

  test('end at a new time where a camera forgets the marker, and go on when its clock starts over', () => {
    const line = new Line().say(key).next().say(slice).next().next().say(slice, true);
    expect(line.units.map(({ ticks }) => ticks)).toEqual([0, 4500, 13_500]);
  });

  test('take along parameter sets that came with a marker of their own', () => {
    const line = new Line().say(sps, true).say(pps, true).next().say(key, true);
    expect(line.units.map(({ nals }) => nals)).toEqual([['670102', '6803', '65aa']]);
  });

  test('are put together from fragments and taken out of aggregates', () => {
    const line = new Line()
      .say([0x78, 0, 3, ...sps, 0, 2, ...pps])
      .say([0x7c, 0x85, 1, 2])
      .say([0x7c, 0x05, 3])
      .say([0x7c, 0x45, 4], true);
    expect(line.units[0]?.nals).toEqual(['670102', '6803', '6501020304']);
    expect(line.units[0]?.key).toBe(true);
  });

  test('come without delimiters and filling', () => {
    const line = new Line().say([0x09, 0x10]).say(key).say([0x0c, 0xff, 0xff], true);
    expect(line.units[0]?.nals).toEqual(['65aa']);
  });

  test('of H.265 too', () => {
    const vps = [0x40, 1, 5];
    const fragments = [
      [0x62, 1, 0x93, 7],
      [0x62, 1, 0x53, 8],
    ];
    const line = new Line('h265')
      .say(vps)
      .say(fragments[0] ?? [])
      .say(fragments[1] ?? [], true)
      .next()
      .say([0x02, 1, 9], true);
    expect(line.units.map(({ nals, key: isKey }) => ({ nals, isKey }))).toEqual([
      { nals: ['400105', '26010708'], isKey: true },
      { nals: ['020109'], isKey: false },
    ]);
  });

  test('begin with a key picture, and after a loss with the next one', () => {
    const line = new Line().say(slice, true).next().say(key, true).next();
    line.say([0x7c, 0x81, 1]).lose().say([0x7c, 0x41, 2], true).next().say(slice, true).next().say(key, true).next().say(slice, true);
    expect(line.units.map(({ nals }) => nals[0])).toEqual(['65aa', '65aa', '41bb']);
  });

  test('of several slices are left out when the first is lost, and so is what is made of them', () => {
    const line = new Line().say(key).say(laterKeySlice, true).next();
    line.lose().say(laterKeySlice, true).next().say(slice, true).next().say(key).say(laterKeySlice, true).next().say(slice, true);
    expect(line.units.map(({ nals }) => nals)).toEqual([['65aa', '652a'], ['65aa', '652a'], ['41bb']]);
  });

  test('of H.265 too, when their first slice is lost', () => {
    const line = new Line('h265').say([0x26, 1, 0x80], true).next().lose().say([0x26, 1, 0x20], true).next().say([0x02, 1, 0x80], true);
    expect(line.units.map(({ nals }) => nals)).toEqual([['260180']]);
  });

  test('are whole though others before them were lost', () => {
    const line = new Line().say(key, true).next().say(slice, true).next().lose().say(sps).say(pps).say(key, true).next().say(slice, true);
    expect(line.units.map(({ nals }) => nals)).toEqual([['65aa'], ['41bb'], ['670102', '6803', '65aa'], ['41bb']]);
  });

  test('that do not end with a marker may lack their end when something was lost', () => {
    const line = new Line().say(key, true).next().say(slice).next().lose().say(key).next().say(slice, true);
    expect(line.units.map(({ nals }) => nals)).toEqual([['65aa'], ['65aa'], ['41bb']]);
  });

  test('that do not fit into their packet are left out', () => {
    const line = new Line().say([0x78, 0, 200, 1], true).next().say([0x7c, 0x05, 3], true).next().say(key, true);
    expect(line.units).toHaveLength(1);
  });

  test('of kinds that this device does not take apart are refused', () => {
    expect(() => new Line().say([0x7a, 0, 0, 0])).toThrow(RangeError);
  });

  test('lie apart from one another, and from what came in', () => {
    const line = new Line().say(key, true).next().say(slice, true);
    line.units[1]?.data.fill(0);
    expect(nalsOf(line.units[0]?.data ?? new Uint8Array())).toEqual(['65aa']);
  });
});

describe('what is no RTP packet', () => {
  test.each([
    ['too short', Buffer.alloc(11, 0x80)],
    ['of another version', Buffer.alloc(20, 0x40)],
    ['with an extension that does not end', Buffer.from('90600001000000010000000112340010', 'hex')],
    ['with more padding than payload', Buffer.from('a06000010000000100000001ff', 'hex')],
  ])('%s', (_, bytes) => {
    expect(readRtp(bytes, 0, bytes.length, emptyRtpPacket())).toBe(false);
  });
});
