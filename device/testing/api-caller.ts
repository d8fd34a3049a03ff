import { expect } from 'vitest';
import { z } from 'zod';
import { createApi } from '#device/api/api.ts';
import { describeApi } from '#device/api/openapi.ts';
import { createFakePorts, type FakePorts } from './fake-ports.ts';

export const ownerLogin = { username: 'owner', password: 'a wall has ears' };
export const home = '192.168.1.50';

interface AskOptions {
  json?: unknown;
  cookie?: string;
  bearer?: string;
  headers?: Record<string, string>;
  /** The socket's peer. */
  from?: string;
}

export interface ApiCaller {
  fake: FakePorts;
  app: ReturnType<typeof createApi>;
  /** Asks without a socket. Every JSON answer is held against the description of its route. */
  ask(method: string, path: string, options?: AskOptions): Promise<Response>;
  /** Claims the device; answers the cookie as a browser would send it. */
  claim(): Promise<string>;
  /** A token with these scopes. */
  token(cookie: string, ...scopes: string[]): Promise<string>;
}

export function createApiCaller(fake: FakePorts = createFakePorts()): ApiCaller {
  const app = createApi(fake.deps);
  const description = describeApi(app, 'test').then((document) => descriptionSchema.parse(document));

  const ask: ApiCaller['ask'] = async (method, path, options = {}) => {
    const headers = new Headers(options.headers);
    if (options.cookie) headers.set('cookie', options.cookie);
    if (options.bearer) headers.set('authorization', `Bearer ${options.bearer}`);
    if (options.json !== undefined) headers.set('content-type', 'application/json');
    const body = options.json === undefined ? null : JSON.stringify(options.json);
    const environment = { incoming: { socket: { remoteAddress: options.from ?? home } } };
    const response = await app.request(path, { method, headers, body }, environment);
    await expectDescribed(await description, method, path, response);
    return response;
  };

  const claim = async () => cookieOf(await ask('POST', '/api/claim', { json: ownerLogin }));
  const token = async (cookie: string, ...scopes: string[]) => {
    const response = await ask('POST', '/api/tokens', { cookie, json: { name: scopes.join(), scopes } });
    return z.object({ token: z.string() }).parse(await response.json()).token;
  };
  return { fake, app, ask, claim, token };
}

export function cookieOf(response: Response): string {
  const [cookie = ''] = (response.headers.get('set-cookie') ?? '').split(';');
  expect(cookie).toMatch(/^kerberos_session=./);
  return cookie;
}

const answerSchema = z.looseObject({
  content: z.record(z.string(), z.looseObject({ schema: z.record(z.string(), z.unknown()).optional() })).optional(),
});
const descriptionSchema = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), z.looseObject({ responses: z.record(z.string(), answerSchema) }))),
  components: z.looseObject({ schemas: z.record(z.string(), z.unknown()) }),
});
type Description = z.infer<typeof descriptionSchema>;

/** A JSON answer without a description, or other than described, fails the test that asked for it. */
async function expectDescribed(description: Description, method: string, path: string, response: Response): Promise<void> {
  if (!response.headers.get('content-type')?.startsWith('application/json')) return;
  const operation = operationOf(description, method, path);
  if (!operation) {
    expect(response.ok, `${method} ${path} answers but is not described`).toBe(false);
    return;
  }
  const answer = operation.responses[String(response.status)] ?? operation.responses['default'];
  const schema = answer?.content?.['application/json']?.schema;
  expect(schema, `${method} ${path} answers ${response.status} but does not describe it`).toBeDefined();
  const whole = JSON.stringify({ ...schema, $defs: description.components.schemas }).replaceAll('#/components/schemas/', '#/$defs/');
  const problems = z.fromJSONSchema(JSON.parse(whole)).safeParse(await response.clone().json()).error;
  expect(problems, `${method} ${path}`).toBeUndefined();
}

function operationOf(description: Description, method: string, path: string) {
  const { pathname } = new URL(path, 'http://localhost');
  const fitting = Object.entries(description.paths).filter(([template]) => {
    const pattern = template.replace(/[.]/g, '\\.').replace(/\{[^}]+\}/g, '[^/]+');
    return new RegExp(`^${pattern}$`).test(pathname);
  });
  const [closest] = fitting.sort(([one], [other]) => parametersIn(one) - parametersIn(other) || other.length - one.length);
  return closest?.[1][method === 'HEAD' ? 'get' : method.toLowerCase()];
}

function parametersIn(template: string): number {
  return template.split('{').length;
}
