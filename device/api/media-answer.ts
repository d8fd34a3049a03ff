import type { Context } from 'hono';
import type { TimedJpeg } from './camera-ports.ts';
import type { ApiEnv } from './environment.ts';
import { attachmentDisposition, matchesEtag, rangeOf } from './http-range.ts';
import type { MediaFile } from './ports.ts';

interface FileAnswerOptions {
  type: string;
  download: boolean;
}

/** A file with ranges, validators and HEAD. Nothing of it is read before the client takes it. */
export function fileAnswer(c: Context<ApiEnv>, file: MediaFile, options: FileAnswerOptions): Response {
  const headers = new Headers({
    'Accept-Ranges': 'bytes',
    'Cache-Control': 'private, no-cache',
    'Content-Type': options.type,
    ETag: file.etag,
  });
  if (options.download) headers.set('Content-Disposition', attachmentDisposition(file.fileName));
  if (matchesEtag(c.req.header('if-none-match'), file.etag)) return c.newResponse(null, { status: 304, headers });
  const range = rangeOf(file, c.req.header('range'), c.req.header('if-range'));
  if (range.kind === 'unsatisfiable') {
    headers.set('Content-Range', `bytes */${file.sizeBytes}`);
    headers.delete('Content-Type');
    return c.newResponse(null, { status: 416, headers });
  }
  const start = range.kind === 'span' ? range.start : 0;
  const end = range.kind === 'span' ? range.end : file.sizeBytes - 1;
  headers.set('Content-Length', String(end - start + 1));
  if (range.kind === 'span') headers.set('Content-Range', `bytes ${start}-${end}/${file.sizeBytes}`);
  const body = c.req.method === 'HEAD' || file.sizeBytes === 0 ? null : file.read(start, end);
  return c.newResponse(body, { status: range.kind === 'span' ? 206 : 200, headers });
}

/** A picture that does not change any more, or hardly. */
export function pictureAnswer(c: Context<ApiEnv>, jpeg: Uint8Array): Response {
  return c.newResponse(Uint8Array.from(jpeg), 200, { 'Content-Type': 'image/jpeg', 'Cache-Control': 'private, max-age=60' });
}

/** A picture of now: never kept, and it says how old it is. */
export function snapshotAnswer(c: Context<ApiEnv>, picture: TimedJpeg): Response {
  return c.newResponse(Uint8Array.from(picture.jpeg), 200, {
    'Content-Type': 'image/jpeg',
    'Cache-Control': 'no-store',
    'X-Picture-Age-Ms': String(Math.round(picture.ageMs)),
  });
}
