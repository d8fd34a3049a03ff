import { z } from 'zod';

const untypable = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;

/**
 * A name as it may be given. Only what comes in is checked so: a name that was saved before must still be read.
 * Line ends, other control characters and halves of characters would garble logs, file names and whatever else repeats the name.
 */
export function typedName(maxLength: number) {
  return z
    .string()
    .trim()
    .min(1)
    .max(maxLength)
    .refine(isTypable, { error: 'A name must not have characters in it that cannot be typed.' });
}

/** Whether a name has nothing in it that cannot be typed. */
export function isTypable(name: string): boolean {
  return !untypable.test(name);
}
