import type { ApiError } from '#device/contract/contract.ts';
import type { Failure } from '#device/kernel/failure.ts';

interface RescuePage {
  problem: Failure;
  version: string;
  retrySeconds: number;
}

const policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/** Every address answers 503: programs get an error of the API, people a page that needs nothing else to be seen. */
export function rescueAnswer(request: Request, page: RescuePage): Response {
  const isForPrograms = new URL(request.url).pathname.startsWith('/api/');
  const headers = {
    'Cache-Control': 'no-store',
    'Content-Security-Policy': policy,
    'Content-Type': isForPrograms ? 'application/json' : 'text/html; charset=utf-8',
    'Retry-After': String(page.retrySeconds),
    'X-Content-Type-Options': 'nosniff',
  };
  const body = isForPrograms ? JSON.stringify(apiError(page.problem)) : html(page);
  return new Response(request.method === 'HEAD' ? null : body, { status: 503, headers });
}

function apiError({ kind, message, action }: Failure): ApiError {
  return { error: { kind, message, ...(action === undefined ? {} : { action }) } };
}

function html({ problem, version, retrySeconds }: RescuePage): string {
  const action = problem.action === undefined ? '' : `<h2>What to do</h2><p>${escaped(problem.action)}</p>`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="${retrySeconds}">
<title>Kerberos Edge cannot record</title>
<style>
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 36rem; margin: 10vh auto; padding: 0 1rem; }
h1 { line-height: 1.2; }
</style>
<main>
<h1>This device cannot record</h1>
<p role="alert">${escaped(problem.message)}</p>
${action}
<p>The device looks again every few seconds and starts by itself when all is well; this page then becomes its portal.
Recordings that are on the card or disk stay there.</p>
<p><small>Kerberos Edge ${escaped(version)}</small></p>
</main>
</html>
`;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => entities[letter] ?? letter);
}
