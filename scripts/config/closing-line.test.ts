import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { runTool } from '../checks/run-tool.ts';

const reporter = join(import.meta.dirname, 'closing-line.ts');
const modules = join(import.meta.dirname, '../../node_modules');
let folder = '';

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Runs these files as the tests of two kinds, `first` and `second`, told apart by the folder they lie in. */
async function closingLineOf(files: Record<string, string>, options: { everyKind: boolean }): Promise<{ line: string; status: number }> {
  folder = mkdtempSync(join(tmpdir(), 'closing-line-'));
  symlinkSync(modules, join(folder, 'node_modules'));
  const line = join(folder, 'build/closing-line');
  const kind = (name: string) => `{ test: { name: '${name}', include: ['${name}/*.test.ts'] } }`;
  writeFileSync(
    join(folder, 'vitest.config.ts'),
    `import { ClosingLine } from '${reporter}';
export default { test: { reporters: [new ClosingLine('${line}', { everyKind: ${options.everyKind} })], projects: [${kind('first')}, ${kind('second')}] } };`,
  );
  for (const kindName of ['first', 'second']) mkdirSync(join(folder, kindName));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), `import { expect, test } from 'vitest';\n${text}`);
  const { status } = await runTool(folder, 'vitest', ['run']);
  return { line: readFileSync(line, 'utf8'), status };
}

const passing = "test('a', () => { expect(1).toBe(1); });\n";
const failing = "test('b', () => { expect(1).toBe(2); });\n";

test('counts over all files', async () => {
  const files = { 'first/a.test.ts': passing + failing, 'second/b.test.ts': passing };
  expect(await closingLineOf(files, { everyKind: true })).toEqual({ line: '2 passed, 1 failed\n', status: 1 });
});

test('says that all is well only when it is', async () => {
  const files = { 'first/a.test.ts': passing, 'second/b.test.ts': passing };
  expect(await closingLineOf(files, { everyKind: true })).toEqual({ line: '2 passed, 0 failed\n', status: 0 });
});

test('a file that cannot be loaded and an error outside of any test each count as a failure', async () => {
  const files = {
    'first/a.test.ts': passing,
    'first/torn.test.ts': "import './nowhere.ts';\n",
    'second/b.test.ts': `${passing}void Promise.reject(new Error('nobody caught me'));\n`,
  };
  expect(await closingLineOf(files, { everyKind: true })).toEqual({ line: '2 passed, 2 failed\n', status: 1 });
});

test('a kind of which no test ran fails when every kind was asked for', async () => {
  expect(await closingLineOf({ 'first/a.test.ts': passing }, { everyKind: true })).toEqual({ line: '1 passed, 1 failed\n', status: 1 });
  rmSync(folder, { recursive: true });
  expect(await closingLineOf({ 'first/a.test.ts': passing }, { everyKind: false })).toEqual({ line: '1 passed, 0 failed\n', status: 0 });
});

test('nothing at all fails', async () => {
  expect(await closingLineOf({}, { everyKind: false })).toEqual({ line: '0 passed, 0 failed\n', status: 1 });
});
