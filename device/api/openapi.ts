import { Hono } from 'hono';
import { generateSpecs, resolver } from 'hono-openapi';
import { type ZodType, z } from 'zod';
import { liveMessageSchema, streamMessageSchema } from '#device/contract/contract.ts';
import { door } from './door.ts';
import type { ApiEnv } from './environment.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type JsonObject = { [key: string]: Json };

/** OpenAPI 3.1, made from the routes themselves once, when it is first asked for. */
export function openApiRoutes(app: Hono<ApiEnv>, version: string) {
  let document: Promise<JsonObject> | undefined;
  return new Hono<ApiEnv>().get(
    '/',
    door({
      scope: 'view',
      tag: 'Device',
      summary: 'This description',
      answers: { 200: { description: 'OpenAPI 3.1', schema: z.record(z.string(), z.unknown()) } },
    }),
    async (c) => {
      document ??= describeApi(app, version);
      return c.json(await document, 200);
    },
  );
}

/** The description of `app`, with a named component for every schema, also of the messages that no JSON answer carries. */
export async function describeApi(app: Hono<ApiEnv>, version: string): Promise<JsonObject> {
  const generated = await generateSpecs(app, {
    excludeStaticFile: false,
    defaultValidationErrorResponse: false,
    documentation: {
      info: { title: 'Kerberos Edge', version, description: 'Everything the portal does, for scripts too.' },
      components: {
        securitySchemes: {
          session: { type: 'apiKey', in: 'cookie', name: 'kerberos_session' },
          token: { type: 'http', scheme: 'bearer' },
        },
      },
    },
  });
  const document = asJson(generated);
  const schemas = objectAt(objectAt(document, 'components'), 'schemas');
  Object.assign(schemas, await componentsOf(streamMessageSchema), await componentsOf(liveMessageSchema));
  document['paths'] = renamedPaths(objectAt(document, 'paths'));
  return opened(document);
}

async function componentsOf(schema: ZodType): Promise<JsonObject> {
  const { components } = await resolver(schema).toOpenAPISchema();
  return asJson(components?.schemas ?? {});
}

/** The router needs one parameter for the whole last segment; whoever reads wants `/{id}.mp4`. */
function renamedPaths(paths: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(paths).map(([path, item]) => {
      if (!path.endsWith('/{file}')) return [path, item];
      return [path.replace('{file}', '{id}.mp4'), JSON.parse(JSON.stringify(item).replaceAll('"name":"file"', '"name":"id"'))];
    }),
  );
}

/** Later versions may answer more fields: nothing in the description forbids them. */
function opened(value: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, member]) => !(key === 'additionalProperties' && member === false))
      .map(([key, member]) => [key, openedMember(member)]),
  );
}

function openedMember(member: Json): Json {
  if (Array.isArray(member)) return member.map(openedMember);
  return typeof member === 'object' && member !== null ? opened(member) : member;
}

function asJson(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value));
}

function objectAt(parent: JsonObject, key: string): JsonObject {
  const value = parent[key];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const made: JsonObject = {};
    parent[key] = made;
    return made;
  }
  return value;
}
