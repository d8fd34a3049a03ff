import type { MiddlewareHandler } from 'hono';
import type { ApiEnv } from './environment.ts';

/** No inline script, no inline style, nothing from elsewhere: the appliance is used offline and embeds nobody. */
function contentSecurityPolicy(host: string): string {
  return [
    "default-src 'self'",
    "media-src 'self' blob:",
    "img-src 'self' blob: data:",
    `connect-src 'self' ws://${host} wss://${host}`,
    "worker-src 'self' blob:",
    "object-src 'none'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
  ].join('; ');
}

const fixedHeaders: readonly [string, string][] = [
  ['X-Content-Type-Options', 'nosniff'],
  ['X-Frame-Options', 'DENY'],
  ['Referrer-Policy', 'no-referrer'],
  ['Cross-Origin-Opener-Policy', 'same-origin'],
  ['Cross-Origin-Resource-Policy', 'same-origin'],
  ['Permissions-Policy', 'camera=(), microphone=(), geolocation=(), payment=(), usb=()'],
];

export function securityHeaders(): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    await next();
    for (const [name, value] of fixedHeaders) c.header(name, value);
    c.header('Content-Security-Policy', contentSecurityPolicy(new URL(c.req.url).host));
    if (c.req.path.startsWith('/api/') && !c.res.headers.has('Cache-Control')) c.header('Cache-Control', 'no-store');
  };
}
