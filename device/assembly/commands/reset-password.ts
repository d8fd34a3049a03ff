import { randomBytes } from 'node:crypto';
import { openAccess } from '#device/access/access.ts';
import { systemClock } from '#device/kernel/clock.ts';
import { Failure } from '#device/kernel/failure.ts';
import { silentLogger } from '#device/kernel/logger.ts';
import { placesIn } from '../places.ts';
import { mustBeThere } from './must-be-there.ts';

interface ResetOptions {
  root: string;
  user?: string;
  /** What was typed or piped in; empty makes one up. */
  typed: string;
}

/** Answers what to tell the person. Throws Failure `not-claimed` when there is no owner yet. */
export async function resetPassword({ root, user, typed }: ResetOptions): Promise<string> {
  const file = placesIn(root).accessFile;
  const action = 'Give the right folder with --data, or claim the device in the browser.';
  await mustBeThere(
    file,
    (cause) => new Failure('not-claimed', `There is no device in ${root} that somebody has claimed.`, { action, cause }),
  );
  const password = typed === '' ? randomBytes(12).toString('base64url') : typed;
  const access = await openAccess({ file, clock: systemClock, logger: silentLogger });
  try {
    const owner = await access.resetPassword(user, password);
    const shown = typed === '' ? ` It is: ${password}` : '';
    return `The password of ${owner} is changed and all logins are ended.${shown}`;
  } finally {
    await access.close();
  }
}
