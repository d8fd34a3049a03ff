import type { Answer, Problem } from '../api/api.ts';

export type { Problem };

/** Why it failed; null when it went well or was given up on purpose. */
export const problemOf = (answer: Answer<unknown>): Problem | null => (answer.kind === 'error' ? answer.problem : null);
