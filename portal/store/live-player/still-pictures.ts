import { signal } from '@preact/signals';
import type { Snapshot } from '../../api/api.ts';
import type { Clock } from '../clock.ts';

export interface StillPicture {
  /** An object URL, valid until the next picture. */
  address: string;
  ageMs: number | null;
  arrivedAtMs: number;
}

interface StillDeps {
  clock: Clock;
  everyMs: number;
  fetchPicture: (signal: AbortSignal) => Promise<Snapshot | null>;
  toAddress: (picture: Blob) => string;
  forget: (address: string) => void;
}

/**
 * New still pictures, one after the other. Fetched one by one and not as an endless MJPEG answer: browsers allow six
 * connections to a device, which a wall of endless answers would use up, and each of these tells its age.
 */
export const createStillPictures = ({ clock, everyMs, fetchPicture, toAddress, forget }: StillDeps) => {
  const latest = signal<StillPicture | null>(null);
  let running: AbortController | null = null;

  const next = async (run: AbortController): Promise<void> => {
    const snapshot = await fetchPicture(run.signal);
    if (run.signal.aborted) return;
    if (snapshot) {
      if (latest.value) forget(latest.value.address);
      latest.value = { address: toAddress(snapshot.picture), ageMs: snapshot.ageMs, arrivedAtMs: clock.steadyMs() };
    }
    const cancel = clock.after(everyMs, () => void next(run));
    run.signal.addEventListener('abort', cancel, { once: true });
  };

  return {
    latest,
    start: () => {
      if (running) return;
      running = new AbortController();
      void next(running);
    },
    stop: () => {
      running?.abort();
      running = null;
    },
  };
};
export type StillPictures = ReturnType<typeof createStillPictures>;
