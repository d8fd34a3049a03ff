import { chmodSync, cpSync, lutimesSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { Project } from '../checks/project.ts';

const packageSchema = z.object({ version: z.string(), released: z.iso.date() });

export interface Release {
  version: string;
  /** Seconds since 1970 of the day of release: the time that every file of the image carries. */
  epochSeconds: number;
}

export function releaseOf(root: string): Release {
  const { version, released } = packageSchema.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
  return { version, epochSeconds: Date.parse(released) / 1000 };
}

/** At the top of the staged folder, where balena's tools look; everything else keeps its place. */
const moved: Readonly<Record<string, string>> = {
  'image/docker-compose.yml': 'docker-compose.yml',
  'image/.dockerignore': '.dockerignore',
};
const whole = ['package.json', 'package-lock.json', '.npmrc', 'tsconfig.json', 'LICENSE', 'README.md', 'balena.yml'];
const folders = ['device/', 'portal/', 'image/', 'scripts/patches/', 'scripts/config/'];
const leftOut = [/\.test\.tsx?$/, /^device\/(testing|design)\//, /^portal\/e2e\//, /^image\/host-config\.json$/];

export function isStaged(file: string): boolean {
  return whole.includes(file) || (folders.some((folder) => file.startsWith(folder)) && !leftOut.some((pattern) => pattern.test(file)));
}

/**
 * Makes the folder that balena's tools are given anew: what the image is built from and nothing else, the version of package.json
 * in balena.yml, and every file with the time of the release, so that equal sources make an equal folder.
 */
export function stage(root: string, target: string): Release {
  const release = releaseOf(root);
  rmSync(target, { recursive: true, force: true });
  for (const file of new Project(root).files.filter(isStaged)) {
    const place = join(target, moved[file] ?? file);
    mkdirSync(dirname(place), { recursive: true });
    cpSync(join(root, file), place);
    const isProgram = (statSync(place).mode & 0o100) !== 0;
    chmodSync(place, isProgram ? 0o755 : 0o644);
  }
  const contract = join(target, 'balena.yml');
  writeFileSync(contract, withVersion(readFileSync(contract, 'utf8'), release.version));
  setTimes(target, release.epochSeconds);
  return release;
}

/** Unquoted, as balena reads it. */
function withVersion(contract: string, version: string): string {
  if (/^version:/m.test(contract)) throw new Error('balena.yml names a version: it is stamped from package.json, take it out.');
  return contract.replace(/^type: .*$/m, (line) => `${line}\nversion: ${version}`);
}

function setTimes(path: string, epochSeconds: number): void {
  if (statSync(path).isDirectory()) {
    chmodSync(path, 0o755);
    for (const name of readdirSync(path)) setTimes(join(path, name), epochSeconds);
  }
  lutimesSync(path, epochSeconds, epochSeconds);
}
