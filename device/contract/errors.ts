import { z } from 'zod';

/** Every kind of failure the appliance can name. Closed: a new kind needs a line in {@link httpStatusOf}. */
export const errorKinds = [
  'invalid-input',
  'not-found',
  'conflict',
  'unauthenticated',
  'wrong-login',
  'forbidden',
  'not-claimed',
  'already-claimed',
  'rate-limited',
  'camera-unreachable',
  'camera-refused',
  'camera-wrong-password',
  'camera-no-video',
  'camera-unsupported-codec',
  'camera-offline',
  'storage-full',
  'storage-failed',
  'timeout',
  'unavailable',
  'internal',
] as const;

export type ErrorKind = (typeof errorKinds)[number];

/** What every failed request answers. `message` is for a person; `action` says what that person can do about it. */
export const apiErrorSchema = z
  .object({
    error: z.object({
      kind: z.enum(errorKinds),
      message: z.string(),
      action: z.string().optional(),
    }),
  })
  .meta({ id: 'ApiError' });

export type ApiError = z.infer<typeof apiErrorSchema>;

export type ErrorStatus = 400 | 401 | 403 | 404 | 409 | 422 | 429 | 500 | 503 | 504 | 507;

/** The one map from error kinds to HTTP. */
export const httpStatusOf: Record<ErrorKind, ErrorStatus> = {
  'invalid-input': 400,
  'not-found': 404,
  conflict: 409,
  unauthenticated: 401,
  'wrong-login': 401,
  forbidden: 403,
  'not-claimed': 403,
  'already-claimed': 409,
  'rate-limited': 429,
  'camera-unreachable': 422,
  'camera-refused': 422,
  'camera-wrong-password': 422,
  'camera-no-video': 422,
  'camera-unsupported-codec': 422,
  'camera-offline': 503,
  'storage-full': 507,
  'storage-failed': 503,
  timeout: 504,
  unavailable: 503,
  internal: 500,
};
