import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
/** Tools that the image leaves out again, and types without a program. */
const withoutProgram = ['node-gyp', 'patch-package', 'openapi-types'];

let folder = '';
/** Beside the packages themselves, so that their copy takes no room: what is deleted in it is a second name. */
beforeAll(() => {
  folder = mkdtempSync(join(root, 'node_modules/.pruned-'));
  execFileSync('sh', ['-c', 'mkdir "$1/node_modules" && for p in node_modules/*; do cp -al "$p" "$1/node_modules/"; done', 'sh', folder], {
    cwd: root,
  });
  execFileSync('cp', [join(root, 'package.json'), folder]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What the Dockerfile takes out of the packages, as it stands there. */
function cleaning(): string {
  const lines = readFileSync(join(root, 'image/Dockerfile'), 'utf8').split('\n');
  const deleting = lines.filter((line) => line.trim().startsWith('&& find node_modules') && line.includes('-delete'));
  expect(deleting.length).toBeGreaterThan(2);
  return deleting.map((line) => line.trim().replace(/^&& /, '').replace(/ \\$/, '')).join('\n');
}

test('every package still loads after the image has taken out what it does not need', () => {
  execFileSync('sh', ['-euc', cleaning()], { cwd: folder });
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { dependencies: Record<string, string> };
  const names = Object.keys(dependencies).filter((name) => !withoutProgram.includes(name));
  const load = `for (const name of ${JSON.stringify(names)}) await import(name); process.exit(0)`;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', load], { cwd: folder, encoding: 'utf8' });
  expect(stderr.slice(0, 2_000)).toBe('');
  expect(status).toBe(0);
});
