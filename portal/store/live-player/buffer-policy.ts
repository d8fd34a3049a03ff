/** What to do with a live video so that it stays less than a second behind. Pure: looks at numbers, answers with a step. Seconds of media time. */

export interface MediaSpan {
  start: number;
  end: number;
}

export interface PlayerPicture {
  /** In order, as `video.buffered` gives them. */
  buffered: readonly MediaSpan[];
  currentTime: number;
  playbackRate: number;
}

export type PlayerStep = { kind: 'stay' } | { kind: 'rate'; rate: number } | { kind: 'jump'; to: number };

/** Behind the newest picture, seconds. */
export const targetBehind = 0.35;
const speedUpBehind = 0.8;
const jumpBehind = 3;
const catchUpRate = 1.1;
/** A jump lands this far behind the end: enough to play on without stalling at once. */
const landingBehind = 0.25;
const touching = 0.05;

const spanAt = (buffered: readonly MediaSpan[], time: number): MediaSpan | undefined =>
  buffered.find((span) => span.start - touching <= time && time < span.end);

export const behindOf = ({ buffered, currentTime }: PlayerPicture): number | null => {
  const last = buffered.at(-1);
  return last ? Math.max(0, last.end - currentTime) : null;
};

export const nextStep = (picture: PlayerPicture): PlayerStep => {
  const last = picture.buffered.at(-1);
  if (!last) return { kind: 'stay' };
  const landing = Math.max(last.start, last.end - landingBehind);
  const behind = last.end - picture.currentTime;
  const here = spanAt(picture.buffered, picture.currentTime);
  // The playhead ran into a hole, or stands before the first picture: nothing will ever come there.
  if (!here && picture.currentTime < last.end) return { kind: 'jump', to: landing };
  // It is past everything there is (a camera that restarted its clock): go to where pictures are.
  if (picture.currentTime > last.end + jumpBehind) return { kind: 'jump', to: landing };
  if (behind > jumpBehind) return { kind: 'jump', to: landing };
  if (behind > speedUpBehind) return picture.playbackRate === catchUpRate ? { kind: 'stay' } : { kind: 'rate', rate: catchUpRate };
  if (behind <= targetBehind && picture.playbackRate !== 1) return { kind: 'rate', rate: 1 };
  return { kind: 'stay' };
};

const keepBehind = 8;
const trimFrom = 20;

/** What may be thrown away; null while it is not worth the work. Keeps what is near the playhead. */
export const trimOf = ({ buffered, currentTime }: PlayerPicture): MediaSpan | null => {
  const first = buffered[0];
  if (!first || currentTime - first.start < trimFrom) return null;
  return { start: first.start, end: currentTime - keepBehind };
};

/** How much may wait to be appended: more means this page does not keep up, and starting anew is quicker. Bytes. */
export const mostWaitingBytes = 16 * 1024 * 1024;
