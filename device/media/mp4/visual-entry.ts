import { box, fullBox, u8, u16, u32 } from './box.ts';

/** A visual sample entry, ISO/IEC 14496-12, 12.1.3, around the box with the decoder's configuration. */
export function videoSampleEntry(type: 'avc1' | 'hvc1' | 'mp4v', width: number, height: number, configuration: Uint8Array): Uint8Array {
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

/** For a track of which each sample is one JPEG: ISO/IEC 14496-1 names it by an object type of its own. */
export function jpegSampleEntry(width: number, height: number): Uint8Array {
  const jpeg = 0x6c;
  const visualStream = 0x11;
  const decoderConfiguration = [4, 13, jpeg, visualStream, ...new Array<number>(11).fill(0)];
  const syncLayer = [6, 1, 2];
  const body = [0, 0, 0, ...decoderConfiguration, ...syncLayer];
  return videoSampleEntry('mp4v', width, height, fullBox('esds', 0, 0, u8(3, body.length, ...body)));
}
