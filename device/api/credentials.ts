import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { ApiEnv } from './environment.ts';

const cookieName = 'kerberos_session';
const cookieLifeSeconds = 30 * 24 * 3600;
const longestCredential = 512;

interface Credentials {
  cookieValue?: string;
  bearer?: string;
}

/** A bearer token outweighs the cookie: whoever sends one means it, and no other site can make a browser send one. */
export function credentialsOf(c: Context<ApiEnv>): Credentials {
  const authorization = c.req.header('authorization');
  const bearer = authorization === undefined ? undefined : /^Bearer ([\x21-\x7e]{1,512})$/i.exec(authorization)?.[1];
  if (bearer !== undefined) return { bearer };
  const cookieValue = cookieOf(c);
  return cookieValue === undefined ? {} : { cookieValue };
}

export function cookieOf(c: Context<ApiEnv>): string | undefined {
  const value = getCookie(c, cookieName);
  return value && value.length <= longestCredential ? value : undefined;
}

export function giveCookie(c: Context<ApiEnv>, value: string): void {
  setCookie(c, cookieName, value, {
    httpOnly: true,
    sameSite: 'Strict',
    path: '/',
    secure: isEncrypted(c),
    maxAge: cookieLifeSeconds,
  });
}

export function takeCookie(c: Context<ApiEnv>): void {
  deleteCookie(c, cookieName, { path: '/', secure: isEncrypted(c) });
}

/** The peer of the socket. Never a header: anyone can write those. */
export function remoteAddressOf(c: Context<ApiEnv>): string {
  return c.env?.incoming?.socket.remoteAddress ?? 'unknown';
}

/** A proxy's word is enough here: who lies about it only makes his own cookie stricter. */
function isEncrypted(c: Context<ApiEnv>): boolean {
  return c.req.url.startsWith('https:') || c.req.header('x-forwarded-proto') === 'https';
}
