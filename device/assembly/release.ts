import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const packageSchema = z.object({ version: z.string(), released: z.iso.date() });

export interface Release {
  version: string;
  /** Tells two builds of one version apart. */
  build: string;
  /** No true clock is before it. */
  releasedMs: number;
}

const packageText = (): Promise<string> => readFile(new URL('../../package.json', import.meta.url), 'utf8');

export async function readVersion(): Promise<string> {
  return packageSchema.parse(JSON.parse(await packageText())).version;
}

/** Where the built portal is. */
export const portalDirectory = fileURLToPath(new URL('../../build/portal', import.meta.url));

/** What this is: as package.json says, and a fingerprint of program and portal. */
export async function readRelease(): Promise<Release> {
  const text = await packageText();
  const { version, released } = packageSchema.parse(JSON.parse(text));
  const hash = createHash('sha256').update(text);
  // The portal's page names its other files by what is in them.
  for (const file of [...(await programFiles()), join(portalDirectory, 'index.html')]) {
    hash.update(basename(file)).update(await readFile(file).catch(() => ''));
  }
  return { version, build: hash.digest('hex').slice(0, 16), releasedMs: Date.parse(released) };
}

/** As built, all of the device is in the files beside this one. */
async function programFiles(): Promise<string[]> {
  const folder = dirname(fileURLToPath(import.meta.url));
  const names = await readdir(folder);
  return names
    .filter((name) => /\.[jt]s$/.test(name))
    .toSorted()
    .map((name) => join(folder, name));
}
