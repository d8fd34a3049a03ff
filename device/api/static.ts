import { constants, createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { extname, join, resolve, sep } from 'node:path';
import { Readable } from 'node:stream';
import type { Context, MiddlewareHandler } from 'hono';
import { Failure } from '#device/kernel/failure.ts';
import type { ApiEnv } from './environment.ts';
import { matchesEtag } from './http-range.ts';
import { checkHost } from './origin.ts';
import type { ApiDeps } from './ports.ts';

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
  '.map': 'application/json',
};

const packings = [
  { encoding: 'br', suffix: '.br' },
  { encoding: 'gzip', suffix: '.gz' },
] as const;

/** Built files under this folder carry a hash in their names and never change. */
const hashedFolder = '/assets/';

/** The portal: its built files, and its index for every other address, since the portal itself knows its screens. */
export function portalFiles(deps: ApiDeps): MiddlewareHandler<ApiEnv> {
  const root = resolve(deps.portalDirectory);
  return async (c) => {
    checkHost(c, deps.allowedHosts ?? []);
    const path = decodedPath(c);
    const found = path === '/' ? null : await fileAnswer(c, root, path);
    if (found) return found;
    if (path.startsWith(hashedFolder)) throw new Failure('not-found', 'There is nothing at this address.');
    const index = await fileAnswer(c, root, '/index.html');
    if (!index) throw new Failure('unavailable', 'The portal is not installed.', { action: 'Build it, or use the API.' });
    return index;
  };
}

function decodedPath(c: Context<ApiEnv>): string {
  const path = decodeURIComponent(new URL(c.req.url).pathname);
  if (/[\0\\]/.test(path) || path.split('/').includes('..')) throw new Failure('not-found', 'There is nothing at this address.');
  return path;
}

/** null when there is no such file. Links lead elsewhere and are not followed; hidden files and the packed twins are not files of their own. */
async function fileAnswer(c: Context<ApiEnv>, root: string, path: string): Promise<Response | null> {
  const type = contentTypes[extname(path)];
  const file = join(root, path);
  if (type === undefined || path.includes('/.') || !file.startsWith(root + sep)) return null;
  const plain = await openFile(file);
  if (!plain) return null;
  const packed = await packedTwin(file, c.req.header('accept-encoding') ?? '');
  if (packed) await plain.handle.close();
  return send(c, path, type, packed ?? { ...plain, encoding: null });
}

interface OpenFile {
  handle: FileHandle;
  sizeBytes: number;
  modifiedMs: number;
}

async function openFile(file: string): Promise<OpenFile | null> {
  let handle: FileHandle;
  try {
    handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch {
    return null;
  }
  const { size, mtimeMs, isFile } = await handle.stat().then((stat) => ({ size: stat.size, mtimeMs: stat.mtimeMs, isFile: stat.isFile() }));
  if (isFile) return { handle, sizeBytes: size, modifiedMs: Math.round(mtimeMs) };
  await handle.close();
  return null;
}

async function packedTwin(file: string, accepted: string): Promise<(OpenFile & { encoding: string }) | null> {
  const offered = accepted.split(',').map((item) => item.trim());
  for (const { encoding, suffix } of packings) {
    const wanted = offered.some((item) => item.startsWith(encoding) && !/;\s*q=0(\.0*)?$/.test(item));
    const twin = wanted ? await openFile(file + suffix) : null;
    if (twin) return { ...twin, encoding };
  }
  return null;
}

async function send(c: Context<ApiEnv>, path: string, type: string, file: OpenFile & { encoding: string | null }): Promise<Response> {
  const etag = `"${file.modifiedMs.toString(36)}-${file.sizeBytes.toString(36)}${file.encoding ? `-${file.encoding}` : ''}"`;
  const headers = new Headers({
    'Cache-Control': path.startsWith(hashedFolder) ? 'public, max-age=31536000, immutable' : 'no-cache',
    'Content-Type': type,
    ETag: etag,
    Vary: 'Accept-Encoding',
  });
  if (file.encoding) headers.set('Content-Encoding', file.encoding);
  const unchanged = matchesEtag(c.req.header('if-none-match'), etag);
  if (!unchanged) headers.set('Content-Length', String(file.sizeBytes));
  if (unchanged || c.req.method === 'HEAD' || file.sizeBytes === 0) {
    await file.handle.close();
    return c.newResponse(null, { status: unchanged ? 304 : 200, headers });
  }
  return c.newResponse(streamOf(file), { status: 200, headers });
}

function streamOf(file: OpenFile): ReadableStream<Uint8Array> {
  return Readable.toWeb(createReadStream('', { fd: file.handle }));
}
