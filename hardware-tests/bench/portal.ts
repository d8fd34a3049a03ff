import { setTimeout as pause } from 'node:timers/promises';
import { hc } from 'hono/client';
import type { Api } from '#device/api/api.ts';
import { type Health, healthSchema, type Recording, type System, shortHealthSchema } from '#device/contract/contract.ts';
import type { Bench } from './bench.ts';

/** The device as its owner sees it over HTTP. */
export class Portal {
  readonly #url: string;
  readonly #owner: Bench['owner'];
  #cookie = '';

  constructor({ url, owner }: Pick<Bench, 'url' | 'owner'>) {
    this.#url = url;
    this.#owner = owner;
  }

  #client() {
    return hc<Api>(this.#url, { headers: { origin: this.#url, ...(this.#cookie === '' ? {} : { cookie: this.#cookie }) } });
  }

  /** Whether it answers, and whether it has an owner; null while it does not. */
  async state(): Promise<{ status: number; claimed: boolean | null } | null> {
    const answer = await fetch(`${this.#url}/api/health`, { signal: AbortSignal.timeout(10_000) }).catch(() => null);
    if (!answer) return null;
    const body = shortHealthSchema.safeParse(await answer.json().catch(() => null));
    return { status: answer.status, claimed: body.success ? body.data.claimed : null };
  }

  /** Claims a fresh device or logs in to a claimed one. */
  async enter(): Promise<void> {
    const client = this.#client();
    let answer: Response = await client.api.claim.$post({ json: this.#owner });
    if (answer.status === 409) answer = await client.api.session.$post({ json: this.#owner });
    if (answer.status !== 201) throw new Error(`the portal lets nobody in: ${answer.status} ${await answer.text()}`);
    this.#cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  }

  async recordings(): Promise<Recording[]> {
    const answer = await this.#client().api.recordings.$get({ query: {} });
    if (!answer.ok) throw new Error(`recordings: ${answer.status}`);
    return (await answer.json()).recordings;
  }

  async system(): Promise<System> {
    const answer = await this.#client().api.system.$get();
    if (!answer.ok) throw new Error(`system: ${answer.status}`);
    return answer.json();
  }

  async health(): Promise<Health> {
    const answer = await this.#client().api.health.$get();
    return healthSchema.parse(await answer.json());
  }
}

/** Asks again and again; fails with what it waited for. Answers how long that took, in seconds since `sinceMs`. */
export async function until(what: string, ask: () => Promise<boolean>, options: { withinMs: number; sinceMs?: number }): Promise<number> {
  const beganMs = performance.now();
  while (!(await ask().catch(() => false))) {
    if (performance.now() - beganMs > options.withinMs) throw new Error(`waited ${options.withinMs / 1000} s in vain until ${what}`);
    await pause(250);
  }
  return (performance.now() - (options.sinceMs ?? beganMs)) / 1000;
}
