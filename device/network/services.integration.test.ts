import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('loading the announcer says nothing on the log of the device', async () => {
  const script = `const { loadMdns } = await import(${JSON.stringify(join(import.meta.dirname, 'services.ts'))}); await loadMdns(); console.log('loaded');`;
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  expect(stdout).toBe('loaded\n');
  expect(stderr).toBe('');
});
