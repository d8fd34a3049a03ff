import { afterEach, describe, expect, test } from 'vitest';
import { budgetCheck } from './budget.ts';
import { type Check, describeProblem, runCheck } from './check.ts';
import { cyclesCheck } from './cycles.ts';
import { importsCheck } from './imports.ts';
import { lockfileCheck } from './lockfile.ts';
import { placesCheck } from './places.ts';
import { PlantedProject, type Plants } from './planted-project.ts';
import { sizesCheck } from './sizes.ts';
import { usesCheck } from './uses.ts';
import { versionsCheck } from './versions.ts';
import { wordsCheck } from './words.ts';

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

const ownChecks = [placesCheck, wordsCheck, versionsCheck, lockfileCheck, importsCheck, cyclesCheck, usesCheck, sizesCheck, budgetCheck];

test.each(ownChecks)('$name finds nothing in a sound house, and has looked', async (check) => {
  house = new PlantedProject();
  const { read, problems } = await runCheck(check, house.open());
  expect(problems).toEqual([]);
  expect(read).toBeGreaterThan(0);
});

test('a check that looks at no file fails', async () => {
  expect(await problemsWith({ name: 'blind', run: () => ({ read: 0, problems: [] }) }, {})).toEqual([
    '.  blind  read no file, so it proves nothing',
  ]);
});

test('a check that breaks down fails', async () => {
  const broken: Check = {
    name: 'broken',
    run: () => {
      throw new Error('no such tool');
    },
  };
  expect((await problemsWith(broken, {}))[0]).toContain('broke down: no such tool');
});

test.each([importsCheck, cyclesCheck, sizesCheck])('$name fails on a file that cannot be parsed', async (check) => {
  expect((await problemsWith(check, { 'device/live/torn.ts': 'export const a = {' }))[0]).toContain('device/live/torn.ts cannot be parsed');
});

const longFunction = `export function long(): void {\n${'  // line\n'.repeat(60)}}\n`;
const forbiddenMark = ['TO', 'DO'].join('');

const violations: { check: Check; what: string; file: string; text: string; says: string; also?: Plants }[] = [
  {
    check: importsCheck,
    what: 'a domain room that imports another',
    file: 'device/events/events.ts',
    text: "export { look } from '#device/live/live.ts';\n",
    says: 'device/events may not import device/live',
  },
  {
    check: importsCheck,
    what: 'a domain room that imports only a type of another',
    file: 'device/events/events.ts',
    text: "import type { look } from '#device/live/live.ts';\nexport type Look = typeof look;\n",
    says: 'device/events may not import device/live',
  },
  {
    check: importsCheck,
    what: 'the API that imports a value of a room',
    file: 'device/api/live.ts',
    text: "import { look } from '#device/live/live.ts';\nexport const seen = look;\n",
    says: 'may import only types of device/live',
  },
  {
    check: importsCheck,
    what: 'the API that hides a value import behind inline types',
    file: 'device/api/live.ts',
    text: "import { type look } from '#device/live/live.ts';\nexport type Look = typeof look;\n",
    says: 'may import only types of device/live',
  },
  {
    check: importsCheck,
    what: 'a value imported when the program runs',
    file: 'device/api/live.ts',
    text: "export const load = () => import('#device/live/live.ts');\n",
    says: 'may import only types of device/live',
  },
  {
    check: importsCheck,
    what: 'an import whose name is made up when the program runs',
    file: 'device/live/any.ts',
    text: 'export const load = (name: string) => import(name);\n',
    says: 'must be written out',
  },
  {
    check: importsCheck,
    what: 'the contract that imports a package other than zod',
    file: 'device/contract/files.ts',
    text: "export { join } from 'node:path';\n",
    says: 'may not import the package node:path',
  },
  {
    check: importsCheck,
    what: 'the kernel that imports a room',
    file: 'device/kernel/look.ts',
    text: "export { look } from '#device/live/live.ts';\n",
    says: 'device/kernel may not import device/live',
  },
  {
    check: importsCheck,
    what: 'a room that imports what is made for tests',
    file: 'device/live/fake.ts',
    text: "export { fake } from '#device/testing/fake.ts';\n",
    says: 'device/live may not import device/testing',
    also: { 'device/testing/fake.ts': 'export const fake = 1;\n' },
  },
  {
    check: importsCheck,
    what: 'another room by a relative path',
    file: 'device/live/time.ts',
    text: "export { wallMs } from '../kernel/clock.ts';\n",
    says: 'imported as #device/room/file.ts',
  },
  {
    check: importsCheck,
    what: 'the own room by its full name',
    file: 'device/live/again.ts',
    text: "export { look } from '#device/live/live.ts';\n",
    says: 'imports are relative',
  },
  {
    check: importsCheck,
    what: 'an import without extension',
    file: 'device/live/again.ts',
    text: "export { look } from './live';\n",
    says: './live is no file of the project',
  },
  {
    check: importsCheck,
    what: 'a part of the portal that names the device',
    file: 'portal/parts/word.ts',
    text: "import type { Word } from '#device/contract/contract.ts';\nexport type Said = Word;\n",
    says: 'portal/parts may not import device/contract',
  },
  {
    check: importsCheck,
    what: 'a format that imports anything',
    file: 'portal/format/store.ts',
    text: "export { signal } from '@preact/signals';\n",
    says: 'portal/format may not import the package @preact/signals',
  },
  {
    check: importsCheck,
    what: 'a built-in module in the browser',
    file: 'portal/store/file.ts',
    text: "export { readFile } from 'node:fs/promises';\n",
    says: 'portal/store may not import the package node:fs/promises',
  },
  {
    check: importsCheck,
    what: 'a value of the API in the portal',
    file: 'portal/api/client.ts',
    text: "import { type Look } from '#device/api/api.ts';\nexport type Seen = Look;\n",
    says: 'may import only types of device/api',
  },
  {
    check: cyclesCheck,
    what: 'files that import each other',
    file: 'device/live/first.ts',
    text: "export { second } from './second.ts';\nexport const first = 1;\n",
    says: 'imports itself: device/live/first.ts → device/live/second.ts → device/live/first.ts',
    also: { 'device/live/second.ts': "export { first } from './first.ts';\nexport const second = 2;\n" },
  },
  {
    check: cyclesCheck,
    what: 'files that import each other through types and package names',
    file: 'device/live/first.ts',
    text: "import type { Second } from '#device/kernel/second.ts';\nexport type First = Second;\n",
    says: 'imports itself: device/kernel/second.ts → device/live/first.ts → device/kernel/second.ts',
    also: { 'device/kernel/second.ts': "import type { First } from '#device/live/first.ts';\nexport type Second = First | 0;\n" },
  },
  ...[
    'Date.now()',
    'new Date()',
    'performance.now()',
    'setTimeout(() => {}, 5)',
    'setInterval(() => {}, 5)',
    'globalThis.setTimeout(() => {}, 5)',
  ].map((call) => ({
    check: usesCheck,
    what: `${call} in a room`,
    file: 'device/live/late.ts',
    text: `export const late = () => ${call};\n`,
    says: 'belongs to device/kernel/clock.ts',
  })),
  {
    check: usesCheck,
    what: 'a timer handed on by its name',
    file: 'device/live/late.ts',
    text: 'export const wait = { with: setTimeout };\n',
    says: 'setTimeout belongs to device/kernel/clock.ts',
  },
  {
    check: usesCheck,
    what: 'a timer in a test that has a simulated clock',
    file: 'device/live/late.test.ts',
    text: 'setTimeout(() => {}, 5);\n',
    says: 'setTimeout belongs to device/kernel/clock.ts',
  },
  {
    check: usesCheck,
    what: 'the timers module in a room',
    file: 'device/live/late.ts',
    text: "export { setTimeout as wait } from 'node:timers/promises';\n",
    says: 'node:timers/promises belongs to device/kernel/clock.ts',
  },
  ...["process.env['HOME']", 'process.exit(1)', "process['env']", 'globalThis.process.exit(1)'].map((call) => ({
    check: usesCheck,
    what: `${call} in a room`,
    file: 'device/live/ask.ts',
    text: `export const ask = () => ${call};\n`,
    says: 'belongs to device/main.ts',
  })),
  {
    check: usesCheck,
    what: 'parts of the process imported by name',
    file: 'device/live/ask.ts',
    text: "export { env } from 'node:process';\n",
    says: 'process is a global here',
  },
  { check: sizesCheck, what: 'a long file', file: 'device/live/long.ts', text: '// line\n'.repeat(301), says: 'has 301 lines' },
  { check: sizesCheck, what: 'a long test file', file: 'device/live/long.test.ts', text: '// line\n'.repeat(401), says: 'has 401 lines' },
  {
    check: sizesCheck,
    what: 'a long style sheet',
    file: 'portal/style/long.css',
    text: '\n'.repeat(300).concat('a {}\n'),
    says: 'has 301 lines',
  },
  {
    check: sizesCheck,
    what: 'a long function',
    file: 'device/live/long.ts',
    text: longFunction,
    says: 'long has 62 lines; 60 are allowed',
  },
  { check: placesCheck, what: 'a folder at the top', file: 'lib/a.ts', text: 'export {};\n', says: 'does not belong at the top' },
  { check: placesCheck, what: 'a file at the top', file: 'notes.md', text: 'a\n', says: 'does not belong at the top' },
  { check: placesCheck, what: 'a room nobody planned', file: 'device/cloud/a.ts', text: 'export {};\n', says: 'is no room of the house' },
  { check: placesCheck, what: 'a file beside the rooms', file: 'device/live.ts', text: 'export {};\n', says: 'beside the rooms of device' },
  {
    check: placesCheck,
    what: 'a name that says nothing',
    file: 'device/live/live-utils.ts',
    text: 'export {};\n',
    says: '"utils" says nothing',
  },
  {
    check: wordsCheck,
    what: 'something left to do',
    file: 'device/live/a.ts',
    text: `// ${forbiddenMark}: more\n`,
    says: `"${forbiddenMark}"`,
  },
  {
    check: wordsCheck,
    what: 'a silenced tool',
    file: 'device/live/a.ts',
    text: `// biome-${'ignore'} lint: no\n`,
    says: 'mend what the tool found',
  },
  {
    check: wordsCheck,
    what: 'a place on one machine',
    file: 'README.md',
    text: `see ${['', 'work', 'shared'].join('/')}\n`,
    says: 'one person',
  },
  {
    check: wordsCheck,
    what: 'a package source',
    file: '.npmrc',
    text: `registry=https://${['registry', 'example', 'org'].join('.')}\n`,
    says: 'package sources',
  },
];

describe('a planted violation is named with its file and rule:', () => {
  test.each(violations)('$check.name: $what', async ({ check, file, text, says, also = {} }) => {
    const problems = await problemsWith(check, { ...also, [file]: text });
    expect(problems).toContainEqual(expect.stringContaining(says));
    const place = problems.find((problem) => problem.includes(says));
    expect(place).toContain(`  ${check.name}  `);
    if (check !== cyclesCheck) expect(place?.startsWith(check === placesCheck ? (file.split('/')[0] ?? '') : file)).toBe(true);
  });

  test('versions: a range of versions', async () => {
    const text = JSON.stringify({ dependencies: { zod: '^4.6.7' } });
    expect(await problemsWith(versionsCheck, { 'package.json': text })).toEqual([
      'package.json  versions  zod is asked for as "^4.6.7", which is not one exact version',
    ]);
  });

  test('lockfile: another platform left out, and the address of a registry', async () => {
    const packages = {
      'node_modules/a': { optionalDependencies: { 'a-linux-arm64': '1.0.0', 'a-linux-x64': '1.0.0' } },
      'node_modules/a-linux-x64': { resolved: 'https://packages.example/a' },
    };
    expect(await problemsWith(lockfileCheck, { 'package-lock.json': JSON.stringify({ packages }) })).toEqual([
      'package-lock.json  lockfile  a-linux-arm64@1.0.0 has no entry: node scripts/complete-lockfile.ts',
      'package-lock.json  lockfile  node_modules/a-linux-x64 is tied to https://packages.example/a',
    ]);
  });

  test('budget: a first load that is too large, also when an import of an import is', async () => {
    const noise = Array.from({ length: 40_000 }, (_, index) => ((index * 2_654_435_761) >>> 0).toString(36)).join('');
    const problems = await problemsWith(budgetCheck, { 'build/portal/part.js': `export const noise = '${noise}';\n` });
    expect(problems).toEqual([expect.stringMatching(/^build\/portal\/index\.html {2}budget {2}the first load takes \d+ bytes.*part\.js/)]);
  });

  test('budget: a portal that is not built, and one without a script', async () => {
    expect((await problemsWith(budgetCheck, { 'build/portal/index.html': null }))[0]).toContain('is not built');
    house?.remove();
    expect((await problemsWith(budgetCheck, { 'build/portal/index.html': '<p>hello</p>' }))[0]).toContain('loads no script');
  });
});

test('what is loaded later is not in the budget', async () => {
  const noise = Array.from({ length: 40_000 }, (_, index) => ((index * 2_654_435_761) >>> 0).toString(36)).join('');
  const plants = { 'build/portal/main.js': "import('./later.js');\n", 'build/portal/later.js': `export const noise = '${noise}';\n` };
  expect(await problemsWith(budgetCheck, plants)).toEqual([]);
});

test('what may be done where is not reported', async () => {
  house = new PlantedProject({
    'device/live/fake.test.ts':
      "import { fake } from '#device/testing/fake.ts';\nimport './live.ts';\nfake();\nprocess.env['PATH'] = '';\n",
    'device/live/real.integration.test.ts': 'setTimeout(() => {}, 5);\n',
    'device/testing/fake.ts': "import { look } from '#device/live/live.ts';\nexport const fake = () => setTimeout(look, 5);\n",
    'device/live/names.ts': 'export const at = (object: { setTimeout: number }) => [object.setTimeout, new Date(0)];\n',
    'portal/api/client.ts':
      "import type { Look } from '#device/api/api.ts';\nexport { wordSchema } from '#device/contract/contract.ts';\nexport type Seen = Look;\n",
  });
  for (const check of [importsCheck, usesCheck]) expect((await runCheck(check, house.open())).problems).toEqual([]);
});
