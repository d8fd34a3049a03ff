import type { MediaDescription } from './session-description.ts';

/** How AAC frames lie in RTP packets, RFC 3640, and the decoder's configuration. */
export interface AacFormat {
  sizeBits: number;
  indexBits: number;
  config: Uint8Array;
}

/** null for any other kind of MPEG-4 audio. */
export function aacFormatOf({ encoding, parameters }: MediaDescription): AacFormat | null {
  if (encoding !== 'MPEG4-GENERIC' || parameters.get('mode')?.toLowerCase() !== 'aac-hbr') return null;
  const config = parameters.get('config') ?? '';
  const sizeBits = Number(parameters.get('sizelength') ?? 0);
  const indexBits = Number(parameters.get('indexlength') ?? 0);
  const isKnown = sizeBits === 13 && indexBits === 3 && Number(parameters.get('indexdeltalength') ?? 3) === 3;
  if (!isKnown || !/^([0-9a-f]{2}){2,16}$/i.test(config)) return null;
  return { sizeBits, indexBits, config: Uint8Array.from(Buffer.from(config, 'hex')) };
}

const maxFrames = 64;

/** The whole frames of one packet; a frame that is spread over packets, which no camera's are, is left out. Copies. */
export function aacFrames({ sizeBits }: AacFormat, payload: Uint8Array): Uint8Array[] {
  if (payload.length < 2) return [];
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const count = Math.floor(view.getUint16(0) / 16);
  let offset = 2 + count * 2;
  if (count === 0 || count > maxFrames || offset > payload.length) return [];
  const frames: Uint8Array[] = [];
  for (let index = 0; index < count; index += 1) {
    const size = view.getUint16(2 + index * 2) >> (16 - sizeBits);
    if (size === 0 || offset + size > payload.length) break;
    frames.push(Uint8Array.from(payload.subarray(offset, offset + size)));
    offset += size;
  }
  return frames;
}
