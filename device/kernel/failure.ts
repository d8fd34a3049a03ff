import type { ErrorKind } from '#device/contract/contract.ts';

interface FailureOptions {
  /** What the person can do about it. */
  action?: string;
  /** For a program: after how long it may try again. `action` says the same to a person. */
  retryAfterSeconds?: number;
  cause?: unknown;
}

/** The one error type that crosses room borders. `message` and `action` are safe to show; `cause` is for the log only. */
export class Failure extends Error {
  readonly kind: ErrorKind;
  readonly action: string | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(kind: ErrorKind, message: string, options: FailureOptions = {}) {
    super(message, { cause: options.cause });
    this.name = 'Failure';
    this.kind = kind;
    this.action = options.action;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}
