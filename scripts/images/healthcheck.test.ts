import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';

const run = promisify(execFile);
const script = fileURLToPath(new URL('../../image/healthcheck.sh', import.meta.url));

let status: number;
let server: Server;
let port: number;
beforeEach(async () => {
  status = 200;
  server = createServer((_request, response) => void response.writeHead(status).end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

/** What bash did, line by line, and how it ended. */
async function asked(portText: string): Promise<{ code: number; trace: string }> {
  const env = { PATH: process.env['PATH'] ?? '', KERBEROS_PORT: portText };
  return run('bash', ['-x', script], { env }).then(
    ({ stderr }) => ({ code: 0, trace: stderr }),
    (error: { code: number; stderr: string }) => ({ code: error.code, trace: error.stderr }),
  );
}

test('a container is healthy while its portal answers that it works', async () => {
  expect((await asked(String(port))).code).toBe(0);
  status = 503;
  expect((await asked(String(port))).code).toBe(1);
});

test.each(['eighty', '0', '65536', '80 81', '-1', '8080; true', '999999'])(
  'for “%s” it asks where the device is then: at port 80',
  async (text) => {
    expect((await asked(text)).trace).toMatch(/^\+ port=80$/m);
  },
);
