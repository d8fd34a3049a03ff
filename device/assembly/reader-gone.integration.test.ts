import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reader-gone-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** Reads a device's log up to the line that tells its port, and no further: the reader is gone then. */
async function portSaid(log: Readable): Promise<number> {
  for await (const line of createInterface(log)) {
    const port = /"port":(\d+)/.exec(line)?.[1];
    if (port === undefined) continue;
    log.destroy();
    return Number(port);
  }
  throw new Error('the device ended without telling its port');
}

test('a device whose log nobody reads any more goes on, and stops when it is told to', async () => {
  const main = join(import.meta.dirname, '..', 'main.ts');
  const env = { ...process.env, KERBEROS_PORT: '0', KERBEROS_ANNOUNCE: 'no', KERBEROS_LOG_LEVEL: 'info' };
  const child = spawn(process.execPath, [main, 'run', '--data', folder, '--no-demo'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'exit');
  try {
    const port = await portSaid(child.stdout);
    child.stderr.destroy();
    await expect.poll(async () => (await fetch(`http://127.0.0.1:${port}/api/health`)).status).toBe(200);
    child.kill('SIGTERM');
    // A stop that had to be forced at its deadline ends with 1.
    expect(await ended).toEqual([0, null]);
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
});
