import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseModule, type SourceModule } from './source-module.ts';

/** The project as the checks see it: every file that is not ignored, read and parsed at most once. */
export class Project {
  readonly root: string;
  /** Relative, forward slashes, sorted. */
  readonly files: readonly string[];
  /** What lies at the top, files and folders, ignored ones left out. */
  readonly top: readonly string[];
  readonly #texts = new Map<string, string>();
  readonly #modules = new Map<string, SourceModule>();

  constructor(root: string) {
    this.root = root;
    const ignored = ignoredNames(root);
    this.top = readdirSync(root).filter((name) => name !== '.git' && !ignored.atTop.has(name) && !ignored.everywhere.has(name));
    this.files = listFiles(root, '', ignored).sort();
  }

  text(file: string): string {
    const known = this.#texts.get(file);
    if (known !== undefined) return known;
    const text = readFileSync(join(this.root, file), 'utf8');
    this.#texts.set(file, text);
    return text;
  }

  /** Throws when the file cannot be parsed. */
  module(file: string): SourceModule {
    const known = this.#modules.get(file);
    if (known) return known;
    const module = parseModule(file, this.text(file));
    this.#modules.set(file, module);
    return module;
  }

  /** Files of TypeScript under any of the folders (all of them when none is named). */
  sources(...folders: string[]): string[] {
    return this.files.filter(
      (file) => /\.tsx?$/.test(file) && (folders.length === 0 || folders.some((folder) => file.startsWith(`${folder}/`))),
    );
  }

  json(file: string): unknown {
    return JSON.parse(this.text(file));
  }
}

interface IgnoredNames {
  atTop: ReadonlySet<string>;
  everywhere: ReadonlySet<string>;
}

/** Only the two plain shapes that .gitignore uses here: `/name/` at the top and `name/` or `name` everywhere. */
function ignoredNames(root: string): IgnoredNames {
  const lines = readFileSync(join(root, '.gitignore'), 'utf8').split('\n').filter(Boolean);
  const bare = (line: string) => line.replace(/^\/|\/$/g, '');
  return {
    atTop: new Set(lines.filter((line) => line.startsWith('/')).map(bare)),
    everywhere: new Set(lines.filter((line) => !line.startsWith('/') && !line.includes('*')).map(bare)),
  };
}

function listFiles(root: string, folder: string, ignored: IgnoredNames): string[] {
  const files: string[] = [];
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.name === '.git' || ignored.everywhere.has(entry.name) || (folder === '' && ignored.atTop.has(entry.name))) continue;
    if (entry.isDirectory()) files.push(...listFiles(root, path, ignored));
    else if (entry.isFile()) files.push(path);
  }
  return files;
}
