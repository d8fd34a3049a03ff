import { afterEach, describe, expect, test } from 'vitest';
import { type Check, describeProblem, runCheck } from './check.ts';
import { deadCodeCheck } from './dead-code.ts';
import { PlantedProject, type Plants } from './planted-project.ts';
import { shellCheck } from './shell.ts';
import { styleCheck } from './style.ts';
import { typesCheck } from './types.ts';

let house: PlantedProject | undefined;

afterEach(() => {
  house?.remove();
  house = undefined;
});

async function problemsWith(check: Check, plants: Plants): Promise<string[]> {
  house = new PlantedProject(plants);
  const { problems } = await runCheck(check, house.open());
  return problems.map(describeProblem);
}

test.each([shellCheck, styleCheck, typesCheck, deadCodeCheck])('$name finds nothing in a sound house, and has looked', async (check) => {
  house = new PlantedProject();
  const { read, problems } = await runCheck(check, house.open());
  expect(problems).toEqual([]);
  expect(read).toBeGreaterThan(0);
});

/** Lint rule → a file that breaks it. */
const lint: Record<string, [file: string, text: string]> = {
  format: ['device/live/format.ts', 'export const a = "b"\n'],
  'lint/suspicious/noExplicitAny': ['device/live/any.ts', 'export const a = (b: any): string => String(b);\n'],
  'lint/style/noNonNullAssertion': ['device/live/sure.ts', 'export const a = (b?: string): string => b!;\n'],
  'lint/style/noDefaultExport': ['device/live/default.ts', 'export default 1;\n'],
  'lint/style/noEnum': ['device/live/enum.ts', "export enum A {\n  B = 'b',\n}\n"],
  'lint/style/useImportType': [
    'device/live/import-type.ts',
    "import { Word } from '#device/contract/contract.ts';\n\nexport const a: Word = 'yes';\n",
  ],
  'lint/style/useFilenamingConvention': ['device/live/camelCase.ts', 'export const a = 1;\n'],
  'lint/suspicious/noConsole': ['device/live/console.ts', "console.log('a');\n"],
  'lint/nursery/noFloatingPromises': [
    'device/live/floating.ts',
    'async function later(): Promise<number> {\n  return await Promise.resolve(1);\n}\n\nexport function now(): void {\n  later();\n}\n',
  ],
  'lint/correctness/noUnusedVariables': ['device/live/unused.ts', 'const a = 1;\n'],
  'lint/correctness/noUnusedImports': ['device/live/unused-import.ts', "import { look } from './live.ts';\n\nexport const a = 1;\n"],
  'lint/correctness/noUndeclaredDependencies': ['device/live/undeclared.ts', "export { Hono } from 'hono';\n"],
  'lint/suspicious/noFocusedTests': ['device/live/focused.test.ts', "import { test } from 'vitest';\n\ntest.only('a', () => {});\n"],
  'lint/suspicious/noSkippedTests': ['device/live/skipped.test.ts', "import { test } from 'vitest';\n\ntest.skip('a', () => {});\n"],
  'lint/suspicious/noImportCycles': ['device/live/cycle.ts', "export { back } from './cycle-back.ts';\nexport const cycle = 1;\n"],
  'lint/a11y/useAltText': ['portal/parts/picture.tsx', 'export const picture = <img src="/a.png" />;\n'],
  'assist/source/organizeImports': [
    'device/live/order.ts',
    "import { wallMs } from '#device/kernel/clock.ts';\nimport { wordSchema } from '#device/contract/contract.ts';\n\nexport const a = [wallMs, wordSchema];\n",
  ],
};

describe('style', () => {
  test('names each planted violation with its file and rule', async () => {
    const plants = {
      ...Object.fromEntries(Object.values(lint)),
      'device/live/cycle-back.ts': "import { cycle } from './cycle.ts';\n\nexport const back = cycle;\n",
    };
    const problems = await problemsWith(styleCheck, plants);
    const missed = Object.entries(lint).filter(
      ([rule, [file]]) => !problems.some((problem) => problem.startsWith(`${file}:`) && problem.includes(`  style: ${rule}  `)),
    );
    expect(missed).toEqual([]);
  });

  test('fails when it reads no file', async () => {
    const problems = await problemsWith(styleCheck, { '.biome.json': '{ "files": { "includes": ["nowhere/**"] } }\n' });
    expect(problems).toContainEqual(expect.stringMatching(/style {2}(read no file|broke down)/));
  });
});

/** Compiler option → a file that it alone refuses. */
const lenient: Record<string, [file: string, text: string]> = {
  strict: ['device/live/strict.ts', 'export const a = (b: string | null): number => b.length;\n'],
  exactOptionalPropertyTypes: ['device/live/optional.ts', 'export const a: { b?: string } = { b: undefined };\n'],
  noUncheckedIndexedAccess: ['device/live/indexed.ts', 'export const a = (b: number[]): number => b[0];\n'],
  verbatimModuleSyntax: [
    'device/live/verbatim.ts',
    "import { Word } from '#device/contract/contract.ts';\n\nexport const a: Word = 'yes';\n",
  ],
  erasableSyntaxOnly: ['device/live/erasable.ts', 'export class A {\n  constructor(readonly b: string) {}\n}\n'],
  'no DOM in the device': ['device/live/dom.ts', 'export const a = document.title;\n'],
  'no Node in the portal': ['portal/parts/node.ts', 'export const a = process.pid;\n'],
};

describe('types', () => {
  test('names a wrong type in each program', async () => {
    const wrong = "export const a: number = 'a';\n";
    const files = ['device/live/wrong.ts', 'portal/parts/wrong.ts', 'portal/e2e/wrong.ts', 'scripts/checks/wrong.ts'];
    const problems = await problemsWith(typesCheck, Object.fromEntries(files.map((file) => [file, wrong])));
    for (const file of files) expect(problems).toContainEqual(expect.stringMatching(new RegExp(`^${file}:1 {2}types {2}error TS2322`)));
  });

  test('names a file that no program reads', async () => {
    const problems = await problemsWith(typesCheck, { 'image/pins.ts': 'export {};\n' });
    expect(problems).toEqual(['image/pins.ts  types  is in no TypeScript program']);
  });

  test('is as strict as the house wants it', async () => {
    const problems = await problemsWith(typesCheck, Object.fromEntries(Object.values(lenient)));
    const missed = Object.entries(lenient).filter(([, [file]]) => !problems.some((problem) => problem.startsWith(`${file}:`)));
    expect(missed).toEqual([]);
  });

  test('fails when it reads no file', async () => {
    const problems = await problemsWith(typesCheck, { 'tsconfig.json': '{ "files": [], "references": [] }\n' });
    expect(problems).toContainEqual(expect.stringMatching(/types {2}(read no file|broke down)/));
  });
});

describe('dead code', () => {
  test('names a file, an export and a dependency that nobody needs', async () => {
    const problems = await problemsWith(deadCodeCheck, {
      'device/live/alone.ts': 'export const alone = 1;\n',
      'device/kernel/clock.ts': 'export function wallMs(): number {\n  return Date.now();\n}\n\nexport const unwanted = 1;\n',
      'package.json': JSON.stringify({ dependencies: { zod: '4.6.7', pino: '10.4.0' }, imports: { '#device/*': './device/*' } }),
    });
    expect(problems).toEqual(
      expect.arrayContaining([
        expect.stringContaining('nobody needs it (files): device/live/alone.ts'),
        expect.stringMatching(/^device\/kernel\/clock\.ts:5 {2}dead-code {2}nobody needs it \(exports\): unwanted/),
        expect.stringContaining('nobody needs it (dependencies): pino'),
      ]),
    );
  });

  test('fails when a way in leads nowhere', async () => {
    const problems = await problemsWith(deadCodeCheck, { 'device/main.ts': null });
    expect(problems).toContainEqual('scripts/config/knip.json  dead-code  the entry device/main.ts names no file');
  });
});

describe('shell', () => {
  test('names a script that breaks on a space, by its first line and by its name', async () => {
    const problems = await problemsWith(shellCheck, {
      'scripts/start': '#!/bin/sh\nrm $1\n',
      'scripts/lib/a.sh': '# shellcheck shell=sh\nrm $1\n',
    });
    expect(problems.sort()).toEqual([
      expect.stringMatching(/^scripts\/lib\/a\.sh:2 {2}shell {2}SC2086/),
      expect.stringMatching(/^scripts\/start:2 {2}shell {2}SC2086/),
    ]);
  });

  test('fails when there is no script', async () => {
    expect(await problemsWith(shellCheck, { 'scripts/start': null })).toEqual(['.  shell  read no file, so it proves nothing']);
  });
});
