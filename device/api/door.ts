import type { MiddlewareHandler } from 'hono';
import { type DescribeRouteOptions, resolver, uniqueSymbol } from 'hono-openapi';
import type { ZodType } from 'zod';
import { apiErrorSchema, type Scope } from '#device/contract/contract.ts';
import { Failure } from '#device/kernel/failure.ts';
import type { ApiEnv } from './environment.ts';
import type { Identity } from './ports.ts';

interface Answer {
  description: string;
  /** Of a JSON answer. */
  schema?: ZodType;
  /** Content type of an answer that is not JSON. */
  media?: string;
}

interface DoorPlan {
  /** The least a caller needs; `anyone` only for routes that the guard names as open. */
  scope: Scope | 'anyone';
  /** The resource, as the reference groups them. */
  tag: string;
  summary: string;
  description?: string;
  answers: Record<number, Answer>;
}

const doors = new WeakMap<object, DoorPlan>();

/** The plan of a handler made by {@link door}; undefined for any other. */
export function doorPlanOf(handler: object): DoorPlan | undefined {
  return doors.get(handler);
}

/** `admin` may do everything, `operate` may also view; `metrics` opens nothing else. A person with a session has all scopes. */
export function allows(identity: Identity, needed: Scope): boolean {
  if (identity.scopes.includes('admin') || identity.scopes.includes(needed)) return true;
  return needed === 'view' && identity.scopes.includes('operate');
}

/** Every route begins with one: it says who may pass and what the route answers, in one place for the check and for the reference. */
export function door(plan: DoorPlan): MiddlewareHandler<ApiEnv> {
  const { scope } = plan;
  const handler: MiddlewareHandler<ApiEnv> = async (c, next) => {
    if (scope !== 'anyone') {
      const identity = c.get('identity');
      if (!identity) throw new Failure('unauthenticated', 'You are not logged in.', { action: 'Log in, or send a token.' });
      if (!allows(identity, scope)) {
        throw new Failure('forbidden', `This token is not allowed to do that: it needs the scope "${scope}".`, {
          action: 'Make a token with that scope.',
        });
      }
    }
    await next();
  };
  doors.set(handler, plan);
  return Object.assign(handler, { [uniqueSymbol]: { spec: specOf(plan) } });
}

function specOf(plan: DoorPlan): DescribeRouteOptions {
  const responses: NonNullable<DescribeRouteOptions['responses']> = {};
  for (const [status, answer] of Object.entries(plan.answers)) {
    responses[status] = { description: answer.description, ...contentOf(answer) };
  }
  responses['default'] = { description: 'It failed', content: { 'application/json': { schema: resolver(apiErrorSchema) } } };
  return {
    tags: [plan.tag],
    summary: plan.summary,
    ...(plan.description ? { description: plan.description } : {}),
    security: plan.scope === 'anyone' ? [] : [{ session: [] }, { token: [plan.scope] }],
    responses,
  };
}

function contentOf(answer: Answer) {
  if (answer.schema) return { content: { 'application/json': { schema: resolver(answer.schema) } } };
  if (answer.media) return { content: { [answer.media]: { schema: { type: 'string' as const, format: 'binary' } } } };
  return {};
}
