import type { ApplyGlobalResponse } from 'hono/client';
import type { ApiError, ErrorStatus } from '#device/contract/contract.ts';
import type { Identity } from './ports.ts';

/** What every handler of the API finds in its context. */
export interface ApiEnv {
  Bindings: {
    /** The connection; absent when a test calls the routes without a socket. */
    incoming?: { socket: { remoteAddress?: string | undefined } };
  };
  Variables: {
    /** Who asks; null on routes that are open to anyone. Set by the guard before any route runs. */
    identity: Identity | null;
  };
}

type ErrorAnswers = { [S in ErrorStatus]: { json: ApiError } };

/** Every route may fail with an {@link ApiError}: in a typed client `!response.ok` narrows to it. */
export type WithErrors<App> = ApplyGlobalResponse<App, ErrorAnswers>;
