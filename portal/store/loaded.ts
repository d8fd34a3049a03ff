import { type Signal, signal } from '@preact/signals';
import type { Answer, Problem } from '../api/api.ts';

/** Something that comes from the device. A reload keeps the value that is there until the new one arrives. */
export interface Loaded<T> {
  value: T | null;
  problem: Problem | null;
  loading: boolean;
}

export const loaded = <T>(): Signal<Loaded<T>> => signal<Loaded<T>>({ value: null, problem: null, loading: false });

/** Loads into the signal. A newer call aborts the older one, so that a late answer never replaces a newer one. */
export const loader = <T, Args extends unknown[]>(
  target: Signal<Loaded<T>>,
  fetchIt: (signal: AbortSignal, ...args: Args) => Promise<Answer<T>>,
) => {
  let current: AbortController | null = null;
  return async (...args: Args): Promise<void> => {
    current?.abort();
    const mine = new AbortController();
    current = mine;
    target.value = { ...target.value, loading: true };
    const answer = await fetchIt(mine.signal, ...args);
    if (current !== mine || answer.kind === 'aborted') return;
    target.value =
      answer.kind === 'ok'
        ? { value: answer.value, problem: null, loading: false }
        : { value: target.value.value, problem: answer.problem, loading: false };
  };
};
