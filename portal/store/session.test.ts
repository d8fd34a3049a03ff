import { describe, expect, test } from 'vitest';
import type { Answer, Problem } from '../api/api.ts';
import { createSession } from './session.ts';

const session = { username: 'anna', expires: '2026-12-01T00:00:00Z' };
const problem = (kind: Problem['kind']): Answer<never> => ({ kind: 'error', problem: { kind, message: kind, action: null } });

const sessionOf = (device: {
  claimed: boolean;
  isReachable?: boolean;
  isKnown?: boolean;
  trouble?: Problem['kind'];
  login?: Answer<typeof session>;
  logout?: Answer<null>;
}) => {
  const store = createSession({
    shortHealth: async () =>
      device.isReachable === false ? problem('network') : { kind: 'ok', value: { status: 'ok', claimed: device.claimed, version: '1' } },
    session: async () => (device.isKnown ? { kind: 'ok', value: session } : problem(device.trouble ?? 'unauthenticated')),
    claim: async () => device.login ?? { kind: 'ok', value: session },
    login: async () => device.login ?? { kind: 'ok', value: session },
    logout: async () => device.logout ?? { kind: 'ok', value: null },
    changePassword: async () => ({ kind: 'ok', value: session }),
  });
  return { store, device };
};

describe('who is at the device', () => {
  test('an unclaimed device asks to be claimed, and whoever claims it is in', async () => {
    const { store } = sessionOf({ claimed: false });
    await store.refresh();
    expect(store.phase.value.kind).toBe('unclaimed');
    expect(await store.claim('anna', 'a wall has ears')).toBeNull();
    expect(store.phase.value).toEqual({ kind: 'logged-in', username: 'anna' });
  });

  test('somebody else was quicker to claim it: log in', async () => {
    const { store } = sessionOf({ claimed: true, login: problem('already-claimed') });
    expect((await store.claim('anna', 'a wall has ears'))?.kind).toBe('already-claimed');
    expect(store.phase.value).toEqual({ kind: 'logged-out', expired: false });
  });

  test('a wrong password is told and changes nothing', async () => {
    const { store } = sessionOf({ claimed: true, login: problem('wrong-login') });
    await store.refresh();
    expect((await store.login('anna', 'x'))?.kind).toBe('wrong-login');
    expect(store.phase.value.kind).toBe('logged-out');
  });

  test('an ended session is noticed and said', async () => {
    const { store, device } = sessionOf({ claimed: true, isKnown: true });
    await store.refresh();
    expect(store.phase.value.kind).toBe('logged-in');
    device.isKnown = false;
    await store.refresh();
    expect(store.phase.value).toEqual({ kind: 'logged-out', expired: true });
  });

  test('who logs out is out, also when the session was over already', async () => {
    for (const logout of [undefined, problem('unauthenticated')]) {
      const { store } = sessionOf({ claimed: true, isKnown: true, ...(logout ? { logout } : {}) });
      await store.refresh();
      expect(await store.logout()).toBeNull();
      expect(store.phase.value).toEqual({ kind: 'logged-out', expired: false });
    }
  });

  test('a session that could not be ended does not look ended', async () => {
    const { store } = sessionOf({ claimed: true, isKnown: true, logout: problem('network') });
    await store.refresh();
    expect((await store.logout())?.kind).toBe('network');
    expect(store.phase.value.kind).toBe('logged-in');
  });

  test('a device that is only just starting logs nobody out', async () => {
    const { store, device } = sessionOf({ claimed: true, isKnown: true });
    await store.refresh();
    device.isKnown = false;
    device.trouble = 'unavailable';
    await store.refresh();
    expect(store.phase.value.kind).toBe('logged-in');
  });

  test('a device that does not answer logs nobody out', async () => {
    const { store, device } = sessionOf({ claimed: true, isKnown: true });
    await store.refresh();
    device.isReachable = false;
    await store.refresh();
    expect(store.phase.value.kind).toBe('logged-in');
  });
});
