import type { ApiError, ErrorKind } from '#device/contract/contract.ts';

/** Why a request failed, in words a person understands. `network` and `unreadable` never came from the device. */
export interface Problem {
  kind: ErrorKind | 'network' | 'unreadable';
  message: string;
  action: string | null;
}

/** What every request comes to; nothing in this room throws. */
export type Answer<T> = { kind: 'ok'; value: T } | { kind: 'aborted' } | { kind: 'error'; problem: Problem };

export interface ProblemWords {
  unreachable: string;
  unreachableAction: string;
  unreadable: string;
  unreadableAction: string;
}

/** The part of a response that is used. */
interface Reply {
  ok: boolean;
  json(): Promise<unknown>;
  text(): Promise<string>;
}

/** What a response carries when it went well; null when it has no body. */
type BodyOf<R> = R extends { status: 204 } ? null : R extends { ok: true; json(): Promise<infer Body> } ? Body : never;

const isApiError = (body: unknown): body is ApiError => {
  if (typeof body !== 'object' || body === null || !('error' in body)) return false;
  const { error } = body;
  return typeof error === 'object' && error !== null && 'kind' in error && 'message' in error && typeof error.message === 'string';
};

const failed = (kind: Problem['kind'], message: string, action: string | null): { kind: 'error'; problem: Problem } => ({
  kind: 'error',
  problem: { kind, message, action },
});

/** Runs one request to its answer. */
export const answerOf = async <R extends Reply>(
  request: () => Promise<R>,
  words: ProblemWords,
  signal?: AbortSignal,
): Promise<Answer<BodyOf<R>>> => {
  try {
    const response = await request();
    if (response.ok) {
      const text = await response.text();
      // The type of the body follows from the route; the device promises it.
      return { kind: 'ok', value: (text === '' ? null : JSON.parse(text)) as BodyOf<R> };
    }
    const body: unknown = await response.json().catch(() => null);
    if (isApiError(body)) return failed(body.error.kind, body.error.message, body.error.action ?? null);
    return failed('unreadable', words.unreadable, words.unreadableAction);
  } catch (cause) {
    if (signal?.aborted) return { kind: 'aborted' };
    return cause instanceof SyntaxError
      ? failed('unreadable', words.unreadable, words.unreadableAction)
      : failed('network', words.unreachable, words.unreachableAction);
  }
};

/** The same answer with its value seen differently. */
export const mapAnswer = <T, U>(answer: Answer<T>, change: (value: T) => U): Answer<U> =>
  answer.kind === 'ok' ? { kind: 'ok', value: change(answer.value) } : answer;
