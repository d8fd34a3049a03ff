import { signal } from '@preact/signals';
import type { Client, Problem } from '../api/api.ts';

export type SessionPhase =
  | { kind: 'starting' }
  | { kind: 'unreachable'; problem: Problem }
  | { kind: 'unclaimed' }
  | { kind: 'logged-out'; expired: boolean }
  | { kind: 'logged-in'; username: string };

type AccessClient = Pick<Client, 'shortHealth' | 'session' | 'claim' | 'login' | 'logout' | 'changePassword'>;

/** Who is at the device. Every way in and out of it goes through here. */
export const createSession = (client: AccessClient) => {
  const phase = signal<SessionPhase>({ kind: 'starting' });

  const refresh = async (): Promise<void> => {
    const health = await client.shortHealth();
    if (health.kind === 'aborted') return;
    if (health.kind === 'error') {
      if (phase.value.kind === 'starting' || phase.value.kind === 'unreachable')
        phase.value = { kind: 'unreachable', problem: health.problem };
      return;
    }
    if (!health.value.claimed) {
      phase.value = { kind: 'unclaimed' };
      return;
    }
    const session = await client.session();
    if (session.kind === 'ok') {
      if (phase.value.kind !== 'logged-in') phase.value = { kind: 'logged-in', username: session.value.username };
    } else if (session.kind === 'error' && session.problem.kind === 'unauthenticated') {
      phase.value = { kind: 'logged-out', expired: phase.value.kind === 'logged-in' };
    }
  };

  const enter = async (attempt: ReturnType<AccessClient['login']>): Promise<Problem | null> => {
    const answer = await attempt;
    if (answer.kind === 'ok') phase.value = { kind: 'logged-in', username: answer.value.username };
    if (answer.kind === 'error' && answer.problem.kind === 'already-claimed') await refresh();
    return answer.kind === 'error' ? answer.problem : null;
  };

  return {
    phase,
    refresh,
    claim: (username: string, password: string) => enter(client.claim({ username, password })),
    login: (username: string, password: string) => enter(client.login({ username, password })),
    changePassword: async (current: string, next: string): Promise<Problem | null> => {
      const answer = await client.changePassword({ current, next });
      return answer.kind === 'error' ? answer.problem : null;
    },
    /** Out only when the device says so: a session that goes on shall not look ended. */
    logout: async (): Promise<Problem | null> => {
      const answer = await client.logout();
      if (answer.kind === 'error' && answer.problem.kind !== 'unauthenticated') return answer.problem;
      phase.value = { kind: 'logged-out', expired: false };
      return null;
    },
  };
};
