import encodeQR from 'qr';
import { type SeededRandom, seededRandom } from './seeded-random.ts';

export interface FilmedCode {
  width: number;
  height: number;
  /** Pixels a square of the code takes. */
  moduleSize: number;
  /** Clockwise. */
  degrees: number;
  /** Radius of the blur, pixels; 0 is sharp. */
  blur: number;
  /** Deviation of a pixel, of 255. */
  noise: number;
  /** The brightest and the darkest of the code, of 255. */
  white: number;
  black: number;
}

const quietModules = 4;

/** A luma picture of a QR code as a camera sees it: anywhere, turned, blurred, noisy, in bad light. */
export function filmedCode(text: string, shot: FilmedCode): Uint8Array {
  const modules = encodeQR(text, 'raw', { ecc: 'medium', border: quietModules });
  const random = seededRandom(7);
  const { width, height, moduleSize, degrees, white, black } = shot;
  const luma = new Uint8Array(width * height);
  const turn = (degrees * Math.PI) / 180;
  const [cosine, sine] = [Math.cos(turn), Math.sin(turn)];
  const side = modules.length;
  const samples = 3;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      let sum = 0;
      // A pixel of a camera sees an area, not a point.
      for (let part = 0; part < samples * samples; part += 1) {
        const dx = x + ((part % samples) + 0.5) / samples - width * 0.55;
        const dy = y + (Math.floor(part / samples) + 0.5) / samples - height * 0.45;
        const column = Math.floor((dx * cosine + dy * sine) / moduleSize + side / 2);
        const row = Math.floor((dy * cosine - dx * sine) / moduleSize + side / 2);
        const isDark = modules[row]?.[column];
        sum += isDark === undefined ? 110 : isDark ? black : white;
      }
      luma[y * width + x] = sum / (samples * samples);
    }
  }
  return noisy(blurred(luma, shot), shot.noise, random);
}

function blurred(luma: Uint8Array, { width, height, blur }: FilmedCode): Uint8Array {
  const radius = Math.round(blur);
  if (radius === 0) return luma;
  return boxed(boxed(luma, width, height, radius, 1, width), width, height, radius, width, 1);
}

/** Twice across and down: near enough to a lens out of focus. */
function boxed(luma: Uint8Array, width: number, height: number, radius: number, step: number, line: number): Uint8Array {
  const out = new Uint8Array(luma.length);
  const [lines, length] = step === 1 ? [height, width] : [width, height];
  for (let at = 0; at < lines; at += 1) {
    for (let position = 0; position < length; position += 1) {
      let sum = 0;
      for (let offset = -radius; offset <= radius; offset += 1) {
        const clamped = Math.min(length - 1, Math.max(0, position + offset));
        sum += luma[at * line + clamped * step] ?? 0;
      }
      out[at * line + position * step] = sum / (2 * radius + 1);
    }
  }
  return out;
}

function noisy(luma: Uint8Array, noise: number, random: SeededRandom): Uint8Array {
  return luma.map((value) => Math.min(255, Math.max(0, value + random.gaussian() * noise)));
}
