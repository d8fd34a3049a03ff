/**
 * Brightness as a logarithm: lamp, cloud and camera gain multiply what the sensor sees, and become an added constant here.
 * One unit is about one grey step in the middle of the range.
 */
const unitsPerOctave = 100;
/** Keeps the noise of dark pixels from being blown up: below this grey level the scale turns linear. */
const darkGrey = 32;

const brightnessOfGrey = Float32Array.from({ length: 256 }, (_, grey) => unitsPerOctave * Math.log2((grey + darkGrey) / darkGrey));

export function toBrightness(luma: Uint8Array, into: Float32Array): void {
  for (let index = 0; index < into.length; index++) into[index] = brightnessOfGrey[luma[index] as number] as number;
}
