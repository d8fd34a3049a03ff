import { Hono } from 'hono';
import { z } from 'zod';
import { coverageSpanSchema, limits } from '#device/contract/contract.ts';
import { door } from './door.ts';
import type { ApiEnv } from './environment.ts';
import { liveAnswer } from './live.ts';
import { fileAnswer, snapshotAnswer } from './media-answer.ts';
import { mjpegAnswer } from './mjpeg.ts';
import type { ApiDeps } from './ports.ts';
import { exportQuerySchema, idParamSchema, spanOf, spanQuerySchema } from './queries.ts';
import { validate } from './validate.ts';

const tag = 'Pictures';
const longestCoverageMs = 400 * 24 * 3_600_000;
const longestPlaylistMs = 25 * 3_600_000;

const coverageSchema = z.object({ spans: z.array(coverageSpanSchema) }).meta({ id: 'Coverage' });

/** What a camera sees now, and what it saw. */
export function cameraMediaRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>().route('/', nowRoutes(deps)).route('/', thenRoutes(deps));
}

function nowRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>()
    .get(
      '/:id/snapshot.jpg',
      door({
        scope: 'view',
        tag,
        summary: 'The newest picture',
        description: 'Its age is in the header X-Picture-Age-Ms.',
        answers: { 200: { description: 'The picture', media: 'image/jpeg' } },
      }),
      validate('param', idParamSchema),
      async (c) => snapshotAnswer(c, await deps.live.snapshot(c.req.valid('param').id, c.req.raw.signal)),
    )
    .get(
      '/:id/still.jpg',
      door({
        scope: 'operate',
        tag,
        summary: 'A still picture as large as the sensor',
        description:
          'Of Raspberry Pi cameras alone. Takes some seconds, and the video of the camera pauses meanwhile: a sensor serves one program at a time.',
        answers: { 200: { description: 'The picture', media: 'image/jpeg' } },
      }),
      validate('param', idParamSchema),
      async (c) => snapshotAnswer(c, { jpeg: await deps.cameras.still(c.req.valid('param').id), ageMs: 0 }),
    )
    .get(
      '/:id/live',
      door({
        scope: 'view',
        tag,
        summary: 'Live view, as a WebSocket',
        description:
          'Text messages are LiveMessages; binary ones are fragmented MP4: after each `init` its init segment, then media segments.',
        answers: { 101: { description: 'The WebSocket' } },
      }),
      validate('param', idParamSchema),
      (c) => liveAnswer(c, deps, c.req.valid('param').id),
    )
    .get(
      '/:id/live.mjpeg',
      door({
        scope: 'view',
        tag,
        summary: 'Live view, as a row of JPEGs',
        answers: { 200: { description: 'JPEGs', media: 'multipart/x-mixed-replace' } },
      }),
      validate('param', idParamSchema),
      (c) => mjpegAnswer(c, deps, c.req.valid('param').id),
    );
}

function thenRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>()
    .get(
      '/:id/playlist.m3u8',
      door({
        scope: 'view',
        tag,
        summary: 'HLS playlist of a span',
        description: 'Byte ranges of the recordings themselves.',
        answers: { 200: { description: 'The playlist', media: 'application/vnd.apple.mpegurl' } },
      }),
      validate('param', idParamSchema),
      validate('query', spanQuerySchema),
      async (c) => {
        const span = { cameraId: c.req.valid('param').id, ...spanOf(c.req.valid('query'), longestPlaylistMs) };
        const playlist = await deps.recordings.playlist(span, (id) => `/api/recordings/${encodeURIComponent(id)}.mp4`);
        return c.body(playlist, 200, { 'Content-Type': 'application/vnd.apple.mpegurl' });
      },
    )
    .get(
      '/:id/export.mp4',
      door({
        scope: 'view',
        tag,
        summary: 'A span as one MP4',
        description: 'Across recordings and gaps, nothing transcoded. Takes ranges. With `?download` a browser saves it.',
        answers: {
          200: { description: 'The whole file', media: 'video/mp4' },
          206: { description: 'The range', media: 'video/mp4' },
          304: { description: 'Unchanged' },
          416: { description: 'There is no such range' },
        },
      }),
      validate('param', idParamSchema),
      validate('query', exportQuerySchema),
      async (c) => {
        const query = c.req.valid('query');
        const file = await deps.recordings.exportSpan({ cameraId: c.req.valid('param').id, ...spanOf(query, limits.exportMaxMs) });
        return fileAnswer(c, file, { type: 'video/mp4', download: query.download !== undefined });
      },
    )
    .get(
      '/:id/coverage',
      door({
        scope: 'view',
        tag,
        summary: 'When something was recorded',
        answers: { 200: { description: 'Spans, oldest first', schema: coverageSchema } },
      }),
      validate('param', idParamSchema),
      validate('query', spanQuerySchema),
      async (c) => {
        const span = { cameraId: c.req.valid('param').id, ...spanOf(c.req.valid('query'), longestCoverageMs) };
        return c.json({ spans: await deps.recordings.coverage(span) }, 200);
      },
    );
}
