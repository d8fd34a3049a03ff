import { randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { writeFileAtomically } from '#device/kernel/atomic-file.ts';
import type { Logger } from '#device/kernel/logger.ts';

/** Without letters and digits that are taken for one another on a screen across the room. */
const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789';

const identitySchema = z.object({
  /** Tells devices of one house apart; no secret. */
  deviceId: z.string().regex(/^[a-z0-9]{8}$/),
  /** Of the device's own access point. */
  setupPassphrase: z.string().regex(/^[a-z0-9-]{14}$/),
});
export type Identity = z.infer<typeof identitySchema>;

/** What makes this device this one on a network: made once from chance and kept. A file that cannot be kept makes a new one at the next start. */
export async function openIdentity(file: string, logger: Logger): Promise<Identity> {
  const kept = identitySchema.safeParse(await readJson(file));
  if (kept.success) return kept.data;
  const made = { deviceId: letters(8), setupPassphrase: [letters(4), letters(4), letters(4)].join('-') };
  await writeFileAtomically(file, JSON.stringify(made), { mode: 0o600 }).catch((error: unknown) => {
    logger.warn({ err: error }, 'the passphrase for setting up the network could not be kept');
  });
  return made;
}

/** 59 random bits in the twelve letters of a passphrase: more than anybody tries over the air. */
function letters(count: number): string {
  return Array.from({ length: count }, () => alphabet[randomInt(alphabet.length)]).join('');
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    // Missing at the first start, torn on a dying disk.
    return null;
  }
}
