import { box, u8, u16, u32 } from './box.ts';

/** A visual sample entry, ISO/IEC 14496-12, 12.1.3, around the box with the decoder's configuration. */
export function videoSampleEntry(type: 'avc1' | 'hvc1', width: number, height: number, configuration: Uint8Array): Uint8Array {
  const dataReference = 1;
  const dotsPerInch = 0x0048_0000;
  const compressorName = new Uint8Array(32);
  return box(
    type,
    new Uint8Array(6),
    u16(dataReference),
    new Uint8Array(16),
    u16(width, height),
    u32(dotsPerInch, dotsPerInch, 0),
    u16(1),
    compressorName,
    u16(24),
    u8(0xff, 0xff),
    configuration,
  );
}
