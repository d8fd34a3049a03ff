import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { Hono } from 'hono';
import { door } from './door.ts';
import type { ApiEnv } from './environment.ts';

const scope = 'view';
const tag = 'Device';

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Kerberos Edge: API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/api/reference/swagger-ui.css">
</head>
<body>
<div id="reference"></div>
<script src="/api/reference/swagger-ui-bundle.js"></script>
<script src="/api/reference/start.js"></script>
</body>
</html>
`;

const startScript = `SwaggerUIBundle({ url: '/api/openapi.json', dom_id: '#reference', deepLinking: true, validatorUrl: null });\n`;

const kept = { 'Cache-Control': 'private, max-age=3600' };
const javascript = { 'Content-Type': 'text/javascript; charset=utf-8', ...kept };

/** The description for reading and trying, offline: its files come from the installed package, and no script is inline. */
export function referenceRoutes() {
  const require = createRequire(import.meta.url);
  const packaged = (name: string) => readFile(require.resolve(`swagger-ui-dist/${name}`));
  const door200 = (summary: string, media: string) => door({ scope, tag, summary, answers: { 200: { description: summary, media } } });
  return new Hono<ApiEnv>()
    .get('/', door200('The reference page', 'text/html'), (c) => c.html(page, 200))
    .get('/start.js', door200('Its start', 'text/javascript'), (c) => c.body(startScript, 200, javascript))
    .get('/swagger-ui-bundle.js', door200('Its script', 'text/javascript'), async (c) =>
      c.body(Uint8Array.from(await packaged('swagger-ui-bundle.js')), 200, javascript),
    )
    .get('/swagger-ui.css', door200('Its style', 'text/css'), async (c) =>
      c.body(Uint8Array.from(await packaged('swagger-ui.css')), 200, { 'Content-Type': 'text/css; charset=utf-8', ...kept }),
    );
}
