import { isIP } from 'node:net';
import type { Context } from 'hono';
import { Failure } from '#device/kernel/failure.ts';
import type { ApiEnv } from './environment.ts';

/** Suffixes that no stranger can register and point at this device. */
const ownSuffixes = ['.local', '.lan', '.localhost', '.home.arpa', '.internal', '.balena-devices.com'];
const proxyHeaders = ['forwarded', 'x-forwarded-for', 'x-real-ip'];
const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Against DNS rebinding: a page of evil.example that makes its name point here still says `Host: evil.example`.
 * Addresses, names of one label and names under suffixes that are nobody's to sell are ours; others must be allowed by configuration.
 */
function isOwnHost(hostName: string, allowedHosts: readonly string[]): boolean {
  const name = hostName.toLowerCase().replace(/\.$/, '');
  if (name.startsWith('[') || isIP(name) !== 0) return true;
  if (!name.includes('.')) return name !== '';
  return ownSuffixes.some((suffix) => name.endsWith(suffix)) || allowedHosts.includes(name);
}

export function checkHost(c: Context<ApiEnv>, allowedHosts: readonly string[]): void {
  const { hostname } = new URL(c.req.url);
  if (isOwnHost(hostname, allowedHosts)) return;
  throw new Failure('forbidden', `This device does not answer to the name ${hostname.slice(0, 80)}.`, {
    action: 'Open it by its address or its .local name, or allow this name with KERBEROS_ALLOWED_HOSTS.',
  });
}

/**
 * Only pages of this device may change anything, or open a WebSocket, with the help of a cookie (or, before login, without one).
 * Every browser names the page's origin with such requests; what names none is no browser and carries no one else's cookie.
 */
export function checkOrigin(c: Context<ApiEnv>): void {
  const isUpgrade = c.req.header('upgrade')?.toLowerCase() === 'websocket';
  if (safeMethods.has(c.req.method) && !isUpgrade) return;
  const site = c.req.header('sec-fetch-site');
  const origin = c.req.header('origin');
  const foreign =
    (site !== undefined && site !== 'same-origin' && site !== 'none') || (origin !== undefined && !isSameHost(origin, c.req.url));
  if (foreign)
    throw new Failure('forbidden', 'Another website tried to do that in your name.', { action: 'Do it on the page of the device itself.' });
}

/** The scheme may differ: a proxy in front may add TLS. */
function isSameHost(origin: string, url: string): boolean {
  return URL.canParse(origin) && new URL(origin).hostname === new URL(url).hostname && samePort(new URL(origin), new URL(url));
}

function samePort(origin: URL, url: URL): boolean {
  return origin.port === url.port || (origin.protocol !== url.protocol && origin.port === '' && url.port === '');
}

/** True when the socket's peer is only a messenger: then its address says nothing about where the person is. */
export function cameThroughProxy(c: Context<ApiEnv>): boolean {
  return proxyHeaders.some((name) => c.req.header(name) !== undefined) || new URL(c.req.url).hostname.endsWith('.balena-devices.com');
}
