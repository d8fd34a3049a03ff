import { setTimeout as pause } from 'node:timers/promises';
import type { Recording } from '#device/contract/contract.ts';
import { type Portal, until } from '../bench/portal.ts';
import { must } from './suite.ts';

/** What a continuous recording may lose; device/design/storage.md. */
export const budgetMs = 10_000;
/** The emulated clock begins with a whole second, and asking what time it is takes some. */
const clockErrorMs = 1_500;
const longestWaitMs = 20_000;

export interface Interruption {
  /** As the box's clock counts. */
  boxMs: number;
  /** What was being recorded; its duration is what was on the disk for sure. */
  last: Pick<Recording, 'id' | 'start' | 'durationMs'>;
  /** What was finished before and may never go. */
  closed: readonly string[];
}

/** Waits until this start of the device records without delay, and for a random while; then the blow falls. */
export async function interrupt(portal: Portal, blow: () => Promise<void>): Promise<Interruption> {
  const beganMs = await startedAtMs(portal);
  const ofThisStart = async () => (await portal.recordings()).find(({ start }) => Date.parse(start) > beganMs);
  // On busy cores the emulated camera itself is late at first: what it has not sent yet cannot be lost.
  const keepsUp = async () => {
    const recording = await ofThisStart();
    return recording !== undefined && Date.parse((await portal.system()).time) - endOf(recording) <= budgetMs;
  };
  await until('what this start records is no older than may be lost', keepsUp, { withinMs: 300_000 });
  await pause(Math.random() * longestWaitMs);
  const closed = (await portal.recordings()).filter(({ state }) => state === 'closed').map(({ id }) => id);
  const last = await ofThisStart();
  must(last !== undefined, 'what was being recorded is gone');
  const askedMs = performance.now();
  const { time } = await portal.system();
  await blow();
  return { boxMs: Date.parse(time) + performance.now() - askedMs, last, closed };
}

/** Answers how many milliseconds of video are gone, when no more than may be and nothing else is. */
export function lostMs(recordings: readonly Recording[], { closed, last, boxMs }: Interruption): number {
  const gone = closed.filter((id) => !recordings.some((recording) => recording.id === id));
  must(gone.length === 0, `finished recordings are gone: ${gone.join(', ')}`);
  // One that was younger than what may be lost can be gone altogether.
  const durationMs = recordings.find(({ id }) => id === last.id)?.durationMs ?? 0;
  must(durationMs >= last.durationMs, 'what was said to be on the disk is gone');
  const lossMs = boxMs - endOf({ start: last.start, durationMs });
  must(lossMs <= budgetMs + clockErrorMs, `${seconds(lossMs)} of video are gone`);
  return Math.max(0, lossMs);
}

/** When the device's program began, as the box's clock counts. */
export async function startedAtMs(portal: Portal): Promise<number> {
  const { time, uptimeMs } = await portal.system();
  return Date.parse(time) - uptimeMs;
}

export function endOf({ start, durationMs }: Pick<Recording, 'start' | 'durationMs'>): number {
  return Date.parse(start) + durationMs;
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
