import { hc, type InferResponseType } from 'hono/client';
import { describe, expectTypeOf, test } from 'vitest';
import type { ApiError, Camera, Event, Health, Recording, Session, ShortHealth, Token } from '#device/contract/contract.ts';
import type { Api } from './api.ts';

const client = hc<Api>('http://kerberos.local');

type Answered<Call extends (...given: never[]) => Promise<unknown>> = Awaited<ReturnType<Call>>;
type BodyWhen<Response, Ok extends boolean> = Response extends { ok: Ok; json(): Promise<infer Body> } ? Body : never;

describe('a client typed by the API', () => {
  test('a failed request is an ApiError and nothing else, on every kind of route', () => {
    expectTypeOf<BodyWhen<Answered<typeof client.api.cameras.$get>, false>>().toEqualTypeOf<ApiError>();
    expectTypeOf<BodyWhen<Answered<typeof client.api.cameras.$post>, false>>().toEqualTypeOf<ApiError>();
    expectTypeOf<BodyWhen<Answered<typeof client.api.claim.$post>, false>>().toEqualTypeOf<ApiError>();
    expectTypeOf<BodyWhen<Answered<typeof client.api.health.$get>, false>>().toEqualTypeOf<ApiError>();
    expectTypeOf<BodyWhen<Answered<(typeof client.api.recordings)[':id']['$patch']>, false>>().toEqualTypeOf<ApiError>();
    expectTypeOf<BodyWhen<Answered<(typeof client.api.tokens)[':id']['$delete']>, false>>().toEqualTypeOf<ApiError>();
  });

  test('a request that went well is what the contract says', () => {
    expectTypeOf<BodyWhen<Answered<typeof client.api.cameras.$get>, true>>().toEqualTypeOf<{ cameras: Camera[] }>();
    expectTypeOf<BodyWhen<Answered<typeof client.api.claim.$post>, true>>().toEqualTypeOf<Session>();
    expectTypeOf<BodyWhen<Answered<typeof client.api.health.$get>, true>>().toEqualTypeOf<ShortHealth | Health>();
    expectTypeOf<BodyWhen<Answered<typeof client.api.recordings.$get>, true>>().toEqualTypeOf<{
      recordings: Recording[];
      next: string | null;
    }>();
    expectTypeOf<BodyWhen<Answered<typeof client.api.events.$get>, true>>().toEqualTypeOf<{ events: Event[]; next: string | null }>();
    expectTypeOf<BodyWhen<Answered<typeof client.api.tokens.$get>, true>>().toEqualTypeOf<{ tokens: Token[] }>();
  });

  test('`ok` narrows the response itself', () => {
    const read = async () => {
      const response = await client.api.cameras[':id'].$get({ param: { id: 'front' } });
      if (!response.ok) return (await response.json()).error.kind;
      return (await response.json()).status.state;
    };
    expectTypeOf(read).returns.resolves.toEqualTypeOf<ApiError['error']['kind'] | Camera['state']>();
  });

  test('bodies and queries are checked before they are sent', () => {
    expectTypeOf(client.api.claim.$post).parameter(0).toEqualTypeOf<{ json: { username: string; password: string } }>();
    expectTypeOf<Parameters<typeof client.api.recordings.$get>[0]>().toExtend<{ query: { camera?: string | undefined } } | undefined>();
    expectTypeOf<InferResponseType<typeof client.api.system.$get, 200>>().toHaveProperty('uptimeMs');
    expectTypeOf(client.api.cameras[':id'].live).toHaveProperty('$url');
  });
});
