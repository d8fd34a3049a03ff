import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const packageSchema = z.object({ version: z.string(), released: z.iso.date() });

export interface Release {
  version: string;
  /** No true clock is before it. */
  releasedMs: number;
}

/** What this is, as package.json says. */
export async function readRelease(): Promise<Release> {
  const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  const { version, released } = packageSchema.parse(JSON.parse(text));
  return { version, releasedMs: Date.parse(released) };
}
