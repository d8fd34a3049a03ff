import type { AudioTrack } from '../packet.ts';
import { box, concat, fullBox, u8, u16, u32 } from './box.ts';

/** AAC LC, the only kind whose frames are of one length that a file's times can rely on. */
const lowComplexity = 2;
const sampleRatesHz = [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350];

/** Samples in every frame. */
export const aacFrameSamples = 1024;

/** The track of an AudioSpecificConfig (ISO/IEC 14496-3, 1.6.2.1); null for kinds of AAC other than LC. */
export function aacTrack(config: Uint8Array): AudioTrack | null {
  const first = config[0] ?? 0;
  const second = config[1] ?? 0;
  const sampleRateHz = sampleRatesHz[((first & 7) << 1) | (second >> 7)];
  const channels = (second >> 3) & 0x0f;
  if (first >> 3 !== lowComplexity || sampleRateHz === undefined || channels < 1 || channels > 2) return null;
  const descriptor = (tag: number, ...parts: Uint8Array[]) => {
    const body = concat(parts);
    return concat([u8(tag, body.length), body]);
  };
  const aac = 0x40;
  const audioStream = 0x15;
  const specific = descriptor(5, config);
  const decoder = descriptor(4, u8(aac, audioStream, 0, 0, 0), u32(0, 0), specific);
  const predefined = descriptor(6, u8(2));
  const esds = fullBox('esds', 0, 0, descriptor(3, u16(0), u8(0), decoder, predefined));
  const sampleEntry = box('mp4a', new Uint8Array(6), u16(1), u32(0, 0), u16(channels, 16, 0, 0, sampleRateHz, 0), esds);
  return { codec: 'aac', codecString: 'mp4a.40.2', sampleRateHz, channels, timescale: sampleRateHz, sampleEntry };
}
