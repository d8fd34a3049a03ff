import { createServer, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AssembledDevice } from '#device/testing/assembled-device.ts';

let device: AssembledDevice;
let silent: Server;
let port: number;
let called: Promise<void>;

beforeEach(async () => {
  silent = createServer();
  called = new Promise((resolve) => silent.once('connection', () => resolve()));
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const address = silent.address();
  port = typeof address === 'object' && address ? address.port : 0;
  device = await AssembledDevice.start();
}, 30_000);

afterEach(async () => {
  await device.remove();
  silent.close();
});

describe('a device that is stopped', () => {
  test('does not wait for a camera that is just being looked at and says nothing', { timeout: 30_000 }, async () => {
    await device.enter();
    const source = { kind: 'rtsp', url: `rtsp://127.0.0.1:${port}/stream` };
    const answer = device.request('POST', '/api/cameras', { name: 'Silent', source }).catch(() => null);
    await called;
    const beganMs = performance.now();
    expect(await device.end('SIGTERM')).toBe(0);
    expect(performance.now() - beganMs).toBeLessThan(4_000);
    await answer;
  });
});
