/**
 * One number a person understands: how small a thing may be and still count, as a share of the picture's height.
 *
 * | sensitivity | 1 | 25 | 50 | 75 | 100 |
 * |---|---|---|---|---|---|
 * | smallest person, share of the height | 30 % | 9 % | 3.5 % | 1.7 % | 1.2 % |
 */
const smallestShareAtMost = 0.012;
const smallestShareRange = 25;
const shareCurve = 1.6;

/** Score 0 is a thing of this share of the picture height, score 1 one of {@link fullScoreShare}: an overlay bar is linear in it. */
const zeroScoreShare = 0.005;
const fullScoreShare = 0.5;

/** A standing person is about two and a half times as high as wide: turns an area into a height. */
const personAspect = 2.5;

export function smallestShareOf(sensitivity: number): number {
  return smallestShareAtMost * smallestShareRange ** (((100 - sensitivity) / 99) ** shareCurve);
}

/** From the share of the picture height to 0..1, logarithmic: equal steps are equal ratios of size. */
export function scoreOfShare(share: number): number {
  if (share <= zeroScoreShare) return 0;
  return Math.min(1, Math.log(share / zeroScoreShare) / Math.log(fullScoreShare / zeroScoreShare));
}

/** `areaPixels` of a picture `heightPixels` high, as the height of a person of that area. */
export function scoreOfArea(areaPixels: number, heightPixels: number): number {
  return scoreOfShare(Math.sqrt(personAspect * areaPixels) / heightPixels);
}

export function thresholdOf(sensitivity: number): number {
  return scoreOfShare(smallestShareOf(sensitivity));
}
