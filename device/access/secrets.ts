import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const secretBytes = 32;
const tokenPrefix = 'kbe_';

/** 256 random bits: nobody guesses them, so a plain fast hash keeps them. */
export function newCookieValue(): string {
  return randomBytes(secretBytes).toString('base64url');
}

/** The prefix lets scanners of source code recognize a token that was published by mistake. */
export function newToken(): string {
  return tokenPrefix + randomBytes(secretBytes).toString('base64url');
}

export function looksLikeToken(text: string): boolean {
  return text.startsWith(tokenPrefix) && text.length <= 128;
}

/** All that is stored of a secret. */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret, 'utf8').digest('hex');
}

/** Takes as long for a near miss as for a far one. */
export function isSameHash(one: string, other: string): boolean {
  const a = Buffer.from(one, 'utf8');
  const b = Buffer.from(other, 'utf8');
  return a.length === b.length && timingSafeEqual(a, b);
}

export function newId(): string {
  return randomBytes(9).toString('base64url');
}
