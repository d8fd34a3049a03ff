import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { expect, test, vi } from 'vitest';
import { doctor } from './doctor.ts';

vi.setConfig({ testTimeout: 30_000 });

test.each<[string, RequestListener]>([
  ['answers to everything', (_request, answer) => answer.end('hello')],
  ['never answers', () => {}],
])('the doctor takes no other program for the device: one that %s has the port', async (_how, listener) => {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const said: string[] = [];
  const patience = AbortSignal.timeout(20_000);
  const status = await doctor({ root: tmpdir(), port, say: (text) => said.push(text), signal: patience });
  expect(patience.aborted).toBe(false);
  server.closeAllConnections();
  server.close();
  expect(said).toContain(`[FAIL] Port ${port} is used by another program.`);
  expect(status).toBe(1);
});
