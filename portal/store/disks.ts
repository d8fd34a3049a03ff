import { signal } from '@preact/signals';
import type { Client, RecordingPlace } from '../api/api.ts';
import { loaded, loader } from './loaded.ts';
import { type Problem, problemOf } from './problem.ts';

export type DisksClient = Pick<Client, 'recordingPlace' | 'chooseDisk' | 'eraseDisk'>;

/** Where recordings are kept, and the disks they could be kept on. */
export const createDisks = (client: DisksClient) => {
  const place = loaded<RecordingPlace>();
  /** The device is about to start anew with its recordings there; until what it says after that is here. */
  const startsAnew = signal<{ volumeId: string | null } | null>(null);
  /** The disk that is being erased. */
  const erasing = signal<string | null>(null);
  /** Why the last one was not erased; until somebody looks again. */
  const eraseProblem = signal<Problem | null>(null);
  const fetchPlace = loader(place, (abort) => client.recordingPlace(abort));

  const load = async () => {
    const before = startsAnew.value;
    eraseProblem.value = null;
    await fetchPlace();
    const { loading, problem } = place.value;
    // What was asked before a place was chosen says nothing about the start that follows.
    if (!loading && !problem && startsAnew.value === before) startsAnew.value = null;
  };

  return {
    place,
    startsAnew,
    erasing,
    eraseProblem,
    load,
    /** After the connection was lost: nothing for whoever never asked. */
    refresh: () => {
      const { value, problem, loading } = place.value;
      if (value || problem || loading) void load();
    },
    choose: async (volumeId: string | null) => {
      const problem = problemOf(await client.chooseDisk(volumeId));
      if (!problem) startsAnew.value = { volumeId };
      return problem;
    },
    /** Answers whether it was erased; one at a time. */
    erase: async (id: string): Promise<boolean> => {
      if (erasing.value !== null) return false;
      erasing.value = id;
      const problem = problemOf(await client.eraseDisk(id));
      // Also after a failure: it may have been pulled out meanwhile.
      await load();
      eraseProblem.value = problem;
      erasing.value = null;
      return problem === null;
    },
  };
};
