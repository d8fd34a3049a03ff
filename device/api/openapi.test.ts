import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createApiCaller } from '#device/testing/api-caller.ts';

const operationSchema = z.looseObject({
  summary: z.string().min(3),
  tags: z.array(z.string()).length(1),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  operationId: z.string(),
  parameters: z.array(z.looseObject({ name: z.string(), in: z.string() })).optional(),
  responses: z.looseObject({ default: z.unknown() }),
});
const documentSchema = z.looseObject({
  openapi: z.literal('3.1.0'),
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  components: z.looseObject({ schemas: z.record(z.string(), z.unknown()), securitySchemes: z.record(z.string(), z.unknown()) }),
});

async function readDescription() {
  const { app, ask, claim } = createApiCaller();
  const response = await ask('GET', '/api/openapi.json', { cookie: await claim() });
  return { app, text: await response.clone().text(), document: documentSchema.parse(await response.json()) };
}

describe('the description of the API', () => {
  test('tells every route, its scope and how it fails', async () => {
    const { app, document } = await readDescription();
    const served = app.routes
      .filter(({ method, path }) => method !== 'ALL' && (path.startsWith('/api') || path === '/metrics'))
      .map(({ method, path }) => `${method.toLowerCase()} ${path.replace(/:file\{[^/]*\}/, '{id}.mp4').replace(/:(\w+)/g, '{$1}')}`);
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    expect(described.toSorted()).toEqual([...new Set(served)].toSorted());
  });

  test('names a component for every schema of the contract that is answered or sent', async () => {
    const { document } = await readDescription();
    const names = Object.keys(document.components.schemas);
    const expected = [
      'ApiError',
      'Camera',
      'Claim',
      'Event',
      'EventPage',
      'Health',
      'LiveMessage',
      'NewCamera',
      'ProbeResult',
      'Recording',
    ];
    expect(names).toEqual(expect.arrayContaining([...expected, 'RecordingPage', 'Session', 'StreamMessage', 'System', 'Token', 'Zone']));
    expect(names.filter((name) => /^__|schema\d/i.test(name))).toEqual([]);
  });

  test('points at nothing that is not there', async () => {
    const { document, text } = await readDescription();
    const references = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference = '']) => reference);
    expect(references.length).toBeGreaterThan(50);
    for (const reference of references) {
      expect(reference).toMatch(/^#\/components\/schemas\//);
      expect(document.components.schemas).toHaveProperty(reference.slice('#/components/schemas/'.length));
    }
  });

  test('gives each operation its own name, and each parameter of a path', async () => {
    const { document } = await readDescription();
    const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
    for (const [path, methods] of Object.entries(document.paths)) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      for (const { parameters = [] } of Object.values(methods)) {
        expect(
          parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name),
          path,
        ).toEqual(inPath);
      }
    }
  });

  test('does not forbid fields that later versions may answer', async () => {
    expect((await readDescription()).text).not.toContain('"additionalProperties":false');
  });

  test('never describes a password in an answer', async () => {
    const { document } = await readDescription();
    expect(JSON.stringify(document.components.schemas['PublicCameraSource'])).toContain('hasPassword');
    expect(JSON.stringify(document.components.schemas['PublicCameraSource'])).not.toContain('"password"');
  });
});

describe('the reference page', () => {
  test('comes from the device alone and has no inline script', async () => {
    const { ask, claim } = createApiCaller();
    const cookie = await claim();
    const page = await (await ask('GET', '/api/reference', { cookie })).text();
    expect(page).not.toMatch(/https?:|"\/\//);
    expect(page).not.toMatch(/<script>|<style>| on\w+=| style=/);
    for (const [, file = ''] of page.matchAll(/(?:src|href)="(\/[^"]+)"/g)) {
      const response = await ask('GET', file, { cookie });
      expect(response.status, file).toBe(200);
      expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(50);
    }
  });
});
