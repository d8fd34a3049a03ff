import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Project } from './project.ts';

const here = join(import.meta.dirname, '../..');

/** The configuration under test is the real one. */
const configuration = [
  ...['.biome.json', '.gitignore', 'tsconfig.json', 'device/tsconfig.base.json', 'device/tsconfig.json'],
  ...[
    'portal/tsconfig.json',
    'portal/e2e/tsconfig.json',
    'scripts/tsconfig.json',
    'hardware-tests/tsconfig.json',
    'scripts/config/knip.json',
    'scripts/config/words.json',
  ],
];

/** The smallest house in which every room that the checks know a way into has one file, and nothing is wrong. */
const sound: Record<string, string> = {
  'device/contract/contract.ts':
    "import { z } from 'zod';\n\nexport const wordSchema = z.enum(['yes', 'no']);\nexport type Word = z.infer<typeof wordSchema>;\n",
  'device/contract/contract.test.ts': "import type { Word } from './contract.ts';\n\nexport const word: Word = 'no';\n",
  'device/kernel/clock.ts': 'export function wallMs(): number {\n  return Date.now();\n}\n',
  'device/live/live.ts':
    "import type { Word } from '#device/contract/contract.ts';\nimport { wallMs } from '#device/kernel/clock.ts';\n\nexport function look(word: Word): number {\n  return word === 'yes' ? wallMs() : 0;\n}\n",
  'device/api/api.ts': "import type { look } from '#device/live/live.ts';\n\nexport type Look = ReturnType<typeof look>;\n",
  'device/main.ts':
    "import type { Look } from '#device/api/api.ts';\nimport { look } from '#device/live/live.ts';\n\nconst seen: Look = look('yes');\nprocess.stdout.write(String(seen));\n",
  'portal/main.tsx': "import { name } from './format/name.ts';\n\ndocument.title = name;\n",
  'portal/format/name.ts': "export const name = 'house';\n",
  'portal/format/name.test.ts': "import { name } from './name.ts';\n\nexport const length = name.length;\n",
  'portal/vite.config.ts': 'export default {};\n',
  'scripts/config/device.vite.config.ts': 'export default {};\n',
  'portal/e2e/house.e2e.test.ts': 'export const house = 1;\n',
  'scripts/benchmarks/main.ts': 'export const bench = 1;\n',
  'scripts/fleets/main.ts': 'export const fleet = 1;\n',
  'scripts/images/main.ts': 'export const image = 1;\n',
  'scripts/images/stub-balena.ts': 'export const stub = 1;\n',
  'hardware-tests/main.ts': 'export const bench = 1;\n',
  'scripts/checks/main.ts': 'export const main = 1;\n',
  'scripts/checks/main.test.ts': 'export const main = 1;\n',
  'scripts/config/vitest.config.ts': 'export default {};\n',
  'scripts/complete-lockfile.ts': 'export const lock = 1;\n',
  'scripts/lib/modules-match.ts': 'export const match = 1;\n',
  'scripts/docs-api.ts': 'export const docs = 1;\n',
  'package-lock.json': '{ "packages": { "node_modules/zod": { "version": "4.6.7" } } }\n',
  'scripts/start': '#!/bin/sh\necho "$1"\n',
  'build/portal/index.html': '<!doctype html>\n<script type="module" src="/main.js"></script>\n',
  'build/portal/main.js': "import './part.js';\n",
  'build/portal/part.js': 'export {};\n',
};

/** Without the commands and dependencies that only the real rooms need. */
function packageWithOneDependency(): string {
  const real: object = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));
  return `${JSON.stringify({ ...real, scripts: {}, dependencies: { zod: '4.6.7' }, devDependencies: {} }, null, 2)}\n`;
}

export type Plants = Record<string, string | null>;

/** A house in a temporary folder, with the given files planted into it (null: left out). Call `remove` when done. */
export class PlantedProject {
  readonly root = mkdtempSync(join(tmpdir(), 'planted-'));

  constructor(plants: Plants = {}) {
    for (const file of configuration) {
      if (plants[file] === undefined) cpSync(join(here, file), join(this.root, file));
    }
    symlinkSync(join(here, 'node_modules'), join(this.root, 'node_modules'));
    this.plant({ 'package.json': packageWithOneDependency(), ...sound, ...plants });
  }

  plant(plants: Plants): void {
    for (const [file, text] of Object.entries(plants)) {
      mkdirSync(dirname(join(this.root, file)), { recursive: true });
      if (text === null) rmSync(join(this.root, file), { force: true });
      else writeFileSync(join(this.root, file), text);
    }
  }

  open(): Project {
    return new Project(this.root);
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
