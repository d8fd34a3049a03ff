import { randomUUID } from 'node:crypto';
import type { AccessPort } from '#device/api/ports.ts';
import type { Scope, Session, Token } from '#device/contract/contract.ts';
import { Failure } from '#device/kernel/failure.ts';
import { fakeInstant } from './fake-things.ts';

interface StoredToken extends Token {
  secret: string;
}

/** Users, sessions and tokens in memory, in the clear: only for tests. */
export function fakeAccess(): AccessPort {
  const users = new Map<string, string>();
  const sessions = new Map<string, Session>();
  const tokens = new Map<string, StoredToken>();
  const begin = (username: string) => {
    const session = { username, expires: '2026-02-04T08:00:00.000Z' };
    const cookieValue = randomUUID();
    sessions.set(cookieValue, session);
    return { session, cookieValue };
  };
  const wrongLogin = () => new Failure('wrong-login', 'The name or the password is wrong.');
  return {
    isClaimed: () => users.size > 0,
    claim: async ({ username, password }) => {
      if (users.size > 0) throw new Failure('already-claimed', 'This device already belongs to someone.');
      users.set(username, password);
      return begin(username);
    },
    login: async ({ username, password }) => {
      if (users.get(username) !== password) throw wrongLogin();
      return begin(username);
    },
    logout: async (cookieValue) => {
      sessions.delete(cookieValue);
    },
    identify: async ({ cookieValue, bearer }) => {
      if (bearer !== undefined) {
        const token = [...tokens.values()].find(({ secret }) => secret === bearer);
        return token ? { via: 'token', name: token.name, scopes: token.scopes } : null;
      }
      const session = cookieValue === undefined ? undefined : sessions.get(cookieValue);
      return session ? { via: 'session', name: session.username, scopes: ['view', 'operate', 'admin', 'metrics'] satisfies Scope[] } : null;
    },
    session: async (cookieValue) => sessions.get(cookieValue) ?? null,
    changePassword: async (username, { current, next }) => {
      if (users.get(username) !== current) throw wrongLogin();
      users.set(username, next);
      sessions.clear();
      return begin(username);
    },
    tokens: async () => [...tokens.values()].map(({ secret: _secret, ...token }) => token),
    createToken: async ({ name, scopes }) => {
      const token = { id: randomUUID(), name, scopes, created: fakeInstant, lastUsed: null };
      const secret = `kbe_${randomUUID()}`;
      tokens.set(token.id, { ...token, secret });
      return { ...token, token: secret };
    },
    revokeToken: async (id) => {
      if (!tokens.delete(id)) throw new Failure('not-found', 'There is no such token.');
    },
  };
}
