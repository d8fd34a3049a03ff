import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { AssembledDevice } from '#device/testing/assembled-device.ts';
import { makeClip } from '#device/testing/clips.ts';

const viewers = 200;
/** What may be held for each viewer that does not read: one queue of 2 MB is shared by reference, sockets and frames are not. */
const mostGrowthBytes = 250_000_000;

let folder: string;
let device: AssembledDevice;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slow-viewers-'));
  const clip = join(folder, 'clip.mp4');
  await makeClip(clip, { seconds: 20, size: '1280x720', framesPerSecond: 20, gopSeconds: 1 });
  device = await AssembledDevice.start({ cameras: [`yard=${clip}`], env: { KERBEROS_LOG_LEVEL: 'warn' } });
  await device.enter();
});

afterAll(async () => {
  await device.remove();
  await rm(folder, { recursive: true, force: true });
});

function watch(): WebSocket {
  return new WebSocket(`${device.url.replace('http', 'ws')}/api/cameras/yard/live`, {
    headers: { cookie: device.cookie, origin: device.url },
  });
}

async function residentBytes(): Promise<number> {
  const status = await readFile(`/proc/${device.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024;
}

test(`${viewers} viewers who never read cost nobody else the picture, nor the device its memory`, async () => {
  let frames = 0;
  const attentive = watch();
  attentive.on('message', (_data, isBinary) => {
    if (isBinary) frames += 1;
  });
  await device.until('the attentive viewer sees pictures', async () => frames > 20);
  const before = await residentBytes();
  const slow = Array.from({ length: viewers }, () => {
    const viewer = watch();
    viewer.on('error', () => {});
    viewer.on('open', () => viewer.pause());
    return viewer;
  });
  await device.until('all of them watch', async () => slow.every((viewer) => viewer.readyState === WebSocket.OPEN));
  const whenAllWatch = frames;
  let highest = 0;
  await device.until(
    'twenty seconds of video have gone by',
    async () => {
      highest = Math.max(highest, await residentBytes());
      return frames - whenAllWatch > 20 * 10;
    },
    60_000,
  );
  expect(highest - before).toBeLessThan(mostGrowthBytes);
  const answer = await device.json(z.looseObject({ cameras: z.array(z.looseObject({ state: z.string() })) }), 'GET', '/api/cameras');
  expect(answer.cameras[0]?.state).toBe('online');
  for (const viewer of [...slow, attentive]) viewer.terminate();
  await device.until('everybody left', async () => {
    const metrics = await (await device.request('GET', '/metrics')).text();
    return /kerberos_camera_viewers\{camera="yard"\} 0/.test(metrics);
  });
});
