import type { MiddlewareHandler } from 'hono';
import { remoteAddressOf } from './credentials.ts';
import type { ApiEnv } from './environment.ts';
import type { ApiDeps } from './ports.ts';

/**
 * While the device has an access point of its own: what its guests ask of other hosts is answered with the way to the portal. That is how
 * phones and computers notice that there is a page to be shown: each asks a host of its maker for a known answer, and gets another.
 */
export function captivePortal({ network }: Pick<ApiDeps, 'network'>): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const setup = network.setup();
    if (setup && isGuest(remoteAddressOf(c), setup.address)) {
      const isOwn = new URL(c.req.url).hostname === setup.address;
      if (!isOwn && isReading(c.req.method)) {
        return c.newResponse(null, { status: 302, headers: { Location: `http://${setup.address}/system`, 'Cache-Control': 'no-store' } });
      }
      // What a page asks by itself is no sign of a person: it goes on asking when nobody looks.
      if (isOwn && (!isReading(c.req.method) || c.req.header('accept')?.includes('text/html'))) network.visited();
    }
    await next();
    return undefined;
  };
}

function isReading(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** The access point is a network of 256 addresses. */
function isGuest(remoteAddress: string, address: string): boolean {
  return remoteAddress.replace(/^::ffff:/i, '').startsWith(address.slice(0, address.lastIndexOf('.') + 1));
}
