import type { Clock } from '#device/kernel/clock.ts';
import { Failure } from '#device/kernel/failure.ts';

export interface Deadlines {
  /** From the start to the first video packet. */
  openingMs: number;
  /** Between two video packets. */
  silenceMs: number;
  /** Between two key pictures of a sub-stream. */
  keyPictureMs: number;
}

export const defaultDeadlines: Deadlines = { openingMs: 15_000, silenceMs: 5_000, keyPictureMs: 30_000 };

/** Rejects with a Failure when nothing came for too long, never resolves before the signal is aborted. `lastMs` answers when something came, null before the first. */
export async function watchForSilence(
  clock: Clock,
  deadlines: Pick<Deadlines, 'openingMs' | 'silenceMs'>,
  signal: AbortSignal,
  lastMs: () => number | null,
): Promise<void> {
  const startMs = clock.boot();
  while (!signal.aborted) {
    const last = lastMs();
    const dueMs = last === null ? startMs + deadlines.openingMs : last + deadlines.silenceMs;
    const leftMs = dueMs - clock.boot();
    if (leftMs <= 0) throw last === null ? nothingCame(deadlines.openingMs) : stalled(deadlines.silenceMs);
    // Before the first packet it looks often: a stream may begin and stall long before the opening time is over.
    await clock.sleep(last === null ? Math.min(leftMs, deadlines.silenceMs / 5) : leftMs, signal).catch(() => {});
  }
}

function nothingCame(afterMs: number): Failure {
  return new Failure('timeout', `The camera was asked for pictures, but none came within ${Math.round(afterMs / 1000)} seconds.`, {
    action: 'Check the network to the camera; restart it if other viewers see nothing either.',
  });
}

function stalled(afterMs: number): Failure {
  return new Failure('timeout', `No picture has come from the camera for ${Math.round(afterMs / 1000)} seconds.`, {
    action: 'It is opened again by itself; check power and network if it keeps happening.',
  });
}
