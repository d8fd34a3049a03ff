import type { Context } from 'hono';
import type { TimedJpeg } from './camera-ports.ts';
import type { ApiEnv } from './environment.ts';
import type { ApiDeps } from './ports.ts';
import { leaveWhenUnwelcome, stillWelcome } from './still-welcome.ts';

const boundary = 'kerberos-picture';
const mjpegHeaders = { 'Content-Type': `multipart/x-mixed-replace; boundary=${boundary}`, 'Cache-Control': 'no-store' };

/** Pictures one after the other, as fast as the client takes them: the next is fetched only when the last has left. */
export function mjpegAnswer(c: Context<ApiEnv>, deps: ApiDeps, cameraId: string): Response {
  deps.cameras.get(cameraId);
  if (c.req.method === 'HEAD') return c.newResponse(null, 200, mjpegHeaders);
  const left = new AbortController();
  void leaveWhenUnwelcome(deps, stillWelcome(c, deps), left.signal, () => left.abort());
  return c.newResponse(pictureStream(deps, cameraId, left), 200, mjpegHeaders);
}

function pictureStream(deps: ApiDeps, cameraId: string, left: AbortController): ReadableStream<Uint8Array> {
  const pictures = deps.live.mjpeg(cameraId, left.signal)[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        const next = await nextPicture(pictures, left.signal, deps);
        if (next) controller.enqueue(partOf(next));
        else {
          left.abort();
          controller.close();
        }
      },
      // Between two pictures nobody asks it for the next: it must be told, or it would count as a viewer for ever.
      cancel: async () => {
        left.abort();
        await pictures.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}

/** null at the end, whether the client left, the camera ended or failed: an answer that has begun cannot turn into an error. */
async function nextPicture(pictures: AsyncIterator<TimedJpeg>, left: AbortSignal, deps: ApiDeps): Promise<TimedJpeg | null> {
  try {
    const { done, value } = await pictures.next();
    return done ? null : value;
  } catch (error) {
    if (!left.aborted) deps.logger.warn({ err: error }, 'a stream of pictures ended');
    return null;
  }
}

function partOf(picture: TimedJpeg): Uint8Array {
  const head = [
    `--${boundary}`,
    'Content-Type: image/jpeg',
    `Content-Length: ${picture.jpeg.byteLength}`,
    `X-Picture-Age-Ms: ${Math.round(picture.ageMs)}`,
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'), picture.jpeg, Buffer.from('\r\n', 'latin1')]);
}
