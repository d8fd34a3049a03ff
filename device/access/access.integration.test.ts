import { mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import sqlite3 from 'sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { silentLogger } from '#device/kernel/logger.ts';
import { SimulatedClock } from '#device/testing/simulated-clock.ts';
import { type Access, openAccess } from './access.ts';

const owner = { username: 'owner', password: 'a wall has ears' };
const home = '192.168.1.50';
const day = 24 * 3_600_000;
const kind = (name: string) => expect.objectContaining({ kind: name });

describe('access to the device', { timeout: 30_000 }, () => {
  let folder: string;
  let file: string;
  let clock: SimulatedClock;
  let access: Access;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'access-'));
    file = join(folder, 'access.db');
    clock = new SimulatedClock();
    access = await openAccess({ file, clock, logger: silentLogger });
  });

  afterEach(async () => {
    await access.close();
    await rm(folder, { recursive: true });
  });

  const reopen = async () => {
    await access.close();
    access = await openAccess({ file, clock, logger: silentLogger });
  };

  describe('the first visit', () => {
    test('claims the device, and the claim outlives a restart', async () => {
      expect(access.isClaimed()).toBe(false);
      const { session, cookieValue } = await access.claim(owner, '::ffff:192.168.1.50');
      expect(session.username).toBe('owner');
      await reopen();
      expect(access.isClaimed()).toBe(true);
      expect(await access.identify({ cookieValue }, home)).toMatchObject({ via: 'session', name: 'owner' });
    });

    test('from outside, with a poor password, or for the second time claims nothing', async () => {
      await expect(access.claim(owner, '8.8.8.8')).rejects.toEqual(kind('forbidden'));
      await expect(access.claim(owner, '100.64.3.2')).rejects.toEqual(kind('forbidden'));
      await expect(access.claim({ ...owner, password: 'password123' }, home)).rejects.toEqual(kind('invalid-input'));
      expect(access.isClaimed()).toBe(false);
      await access.claim(owner, home);
      await expect(access.claim({ ...owner, username: 'thief' }, home)).rejects.toEqual(kind('already-claimed'));
    });

    test('follows a release, after which nobody and nothing from before gets in, also after a restart', async () => {
      const { cookieValue } = await access.claim(owner, home);
      const { token } = await access.createToken({ name: 'script', scopes: ['view'] });
      await access.release();
      await reopen();
      expect(access.isClaimed()).toBe(false);
      expect(access.usersLost).toBe(false);
      expect(await access.identify({ cookieValue }, home)).toBeNull();
      expect(await access.identify({ bearer: token }, home)).toBeNull();
      await access.claim({ username: 'anna', password: 'three doors and a key' }, home);
      expect(access.isClaimed()).toBe(true);
    });

    test('of two at the same moment has one winner', async () => {
      const both = await Promise.allSettled([access.claim(owner, home), access.claim({ ...owner, username: 'thief' }, '10.0.0.9')]);
      expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      expect(access.isClaimed()).toBe(true);
    });

    test('cannot be tried without end', async () => {
      for (let attempt = 0; attempt < 10; attempt += 1) {
        await expect(access.claim({ ...owner, password: 'short' }, home)).rejects.toEqual(kind('invalid-input'));
      }
      await expect(access.claim(owner, home)).rejects.toEqual(kind('rate-limited'));
    });
  });

  describe('a session', () => {
    let cookieValue: string;

    beforeEach(async () => {
      ({ cookieValue } = await access.claim(owner, home));
    });

    test('lasts 30 days from the last visit', async () => {
      await clock.advance(29 * day);
      expect(await access.session(cookieValue)).toMatchObject({ expires: new Date(clock.wall() + 30 * day).toISOString() });
      await clock.advance(29 * day);
      expect(await access.session(cookieValue)).not.toBeNull();
      await clock.advance(30 * day);
      expect(await access.session(cookieValue)).toBeNull();
      expect(await access.identify({ cookieValue }, home)).toBeNull();
    });

    test('is not written at every visit', async () => {
      await access.session(cookieValue);
      const { expires } = (await access.session(cookieValue)) ?? {};
      await clock.advance(60_000);
      expect((await access.session(cookieValue))?.expires).toBe(expires);
    });

    test('ends alone at logout', async () => {
      const other = await access.login(owner, home);
      await access.logout(cookieValue);
      expect(await access.session(cookieValue)).toBeNull();
      expect(await access.session(other.cookieValue)).not.toBeNull();
    });

    test('ends with all others when the password changes, but only who knows the present one changes it', async () => {
      const other = await access.login(owner, home);
      await expect(access.changePassword('owner', { current: 'guess', next: 'another long one' })).rejects.toEqual(kind('wrong-login'));
      expect(await access.session(cookieValue)).not.toBeNull();
      await access.changePassword('owner', { current: owner.password, next: 'another long one' });
      expect(await access.session(cookieValue)).toBeNull();
      expect(await access.session(other.cookieValue)).toBeNull();
      await expect(access.login(owner, home)).rejects.toEqual(kind('wrong-login'));
      expect(await access.login({ username: 'OWNER', password: 'another long one' }, home)).toHaveProperty('cookieValue');
    });

    test('takes the place of all others for whoever changes the password, also while somebody guesses at the login', async () => {
      for (let attempt = 0; attempt < 10; attempt += 1) {
        await expect(access.login({ ...owner, password: 'guess' }, home)).rejects.toEqual(kind('wrong-login'));
      }
      const changed = await access.changePassword('owner', { current: owner.password, next: 'another long one' });
      expect(await access.session(changed.cookieValue)).toEqual(changed.session);
      await expect(access.login({ ...owner, password: 'another long one' }, home)).rejects.toEqual(kind('rate-limited'));
    });

    test('and the password stay as they were when a disk that takes nothing cannot keep the new one', async () => {
      await refuseWrites(file);
      const change = { current: owner.password, next: 'another long one' };
      await expect(access.changePassword('owner', change)).rejects.toEqual(kind('storage-failed'));
      expect(await access.session(cookieValue)).not.toBeNull();
      await expect(access.changePassword('owner', { ...change, current: change.next })).rejects.toEqual(kind('wrong-login'));
    });

    test('cannot be made from what is stored: cookie, password and token are nowhere in the files', async () => {
      const { token } = await access.createToken({ name: 'script', scopes: ['view'] });
      await access.identify({ bearer: token }, home);
      await access.close();
      const stored = await readFile(file, 'latin1');
      expect(stored).toContain('$argon2id$');
      for (const secret of [cookieValue, token, owner.password]) expect(stored).not.toContain(secret);
      expect((await stat(file)).mode & 0o777).toBe(0o600);
      access = await openAccess({ file, clock, logger: silentLogger });
    });

    test('pushes out the oldest of very many', async () => {
      for (let count = 0; count < 32; count += 1) {
        await clock.advance(1);
        await access.login(owner, home);
      }
      expect(await access.session(cookieValue)).toBeNull();
    });
  });

  describe('a login', () => {
    beforeEach(() => access.claim(owner, home));

    test('is refused alike, and as slowly, for a wrong name and a wrong password', async () => {
      const took = async (login: typeof owner) => {
        const begin = performance.now();
        const error = await access.login(login, `10.0.0.${Math.ceil(Math.random() * 250)}`).catch((reason: unknown) => reason);
        return { error: String(error), ms: performance.now() - begin };
      };
      const rounds = 5;
      const names = [];
      const passwords = [];
      for (let round = 0; round < rounds; round += 1) {
        names.push(await took({ ...owner, username: `nobody${round}` }));
        passwords.push(await took({ ...owner, password: 'wrong wrong wrong' }));
      }
      expect(new Set([...names, ...passwords].map(({ error }) => error)).size).toBe(1);
      const fastest = (all: { ms: number }[]) => Math.min(...all.map(({ ms }) => ms));
      expect(fastest(names)).toBeGreaterThan(fastest(passwords) / 2);
    });

    test('is refused for a while after ten wrong ones of one caller, for others not', async () => {
      for (let attempt = 0; attempt < 10; attempt += 1) {
        await expect(access.login({ ...owner, password: 'wrong' }, '10.0.0.66')).rejects.toEqual(kind('wrong-login'));
      }
      await expect(access.login(owner, '10.0.0.66')).rejects.toMatchObject({
        kind: 'rate-limited',
        action: 'Wait 15 minutes, then try again.',
        retryAfterSeconds: 900,
      });
      await expect(access.login(owner, '10.0.0.67')).resolves.toHaveProperty('cookieValue');
    });

    test('is not refused for the wrong ones of a neighbour on the same IPv6 network', async () => {
      for (let attempt = 0; attempt < 10; attempt += 1) {
        await expect(access.login({ ...owner, password: 'wrong' }, 'fe80::bad')).rejects.toEqual(kind('wrong-login'));
      }
      await expect(access.login(owner, 'fe80::bad')).rejects.toEqual(kind('rate-limited'));
      await expect(access.login(owner, 'fe80::1')).resolves.toHaveProperty('cookieValue');
    });

    test('of one name from everywhere is refused after many', async () => {
      const limited = await openAccess({ file, clock, logger: silentLogger, attemptLimits: { perCaller: 10, perNetwork: 10, perName: 3 } });
      for (let attempt = 1; attempt <= 3; attempt += 1) {
        await expect(limited.login({ ...owner, password: 'wrong' }, `10.0.1.${attempt}`)).rejects.toEqual(kind('wrong-login'));
      }
      await expect(limited.login({ username: 'Owner', password: 'wrong' }, '10.0.1.4')).rejects.toEqual(kind('rate-limited'));
      await limited.close();
    });

    test('that succeeds forgets the wrong ones before', async () => {
      for (let round = 0; round < 3; round += 1) {
        for (let attempt = 0; attempt < 5; attempt += 1) await access.login({ ...owner, password: 'wrong' }, home).catch(() => undefined);
        await access.login(owner, home);
      }
    });
  });

  describe('a claimed device', () => {
    beforeEach(() => access.claim(owner, home));

    test.each([
      ['damaged', () => writeFile(file, 'garbage instead of a database')],
      ['emptied', () => truncate(file, 0)],
      ['gone', () => rm(file)],
    ])('whose users are %s belongs to nobody new, and its owner gets in again from its command line', async (_what, spoil) => {
      await access.close();
      await spoil();
      for (let start = 0; start < 2; start += 1) {
        access = await openAccess({ file, clock, logger: silentLogger });
        expect(access.isClaimed()).toBe(true);
        expect(access.usersLost).toBe(true);
        await expect(access.claim({ ...owner, username: 'thief' }, home)).rejects.toEqual(kind('already-claimed'));
        await expect(access.login(owner, home)).rejects.toEqual(kind('unavailable'));
        if (start === 0) await access.close();
      }
      expect(await access.resetPassword(undefined, 'brand new words')).toBe('owner');
      await access.login({ username: 'owner', password: 'brand new words' }, home);
      await reopen();
      expect(access.usersLost).toBe(false);
    });

    test('from before claims were marked is marked when it starts', async () => {
      await rm(`${file}.claimed`);
      await reopen();
      await access.close();
      await rm(file);
      access = await openAccess({ file, clock, logger: silentLogger });
      expect(access.isClaimed()).toBe(true);
    });

    test('lets in who is logged in, and tokens, when its disk takes nothing', async () => {
      const { cookieValue } = await access.login(owner, home);
      const { token } = await access.createToken({ name: 'script', scopes: ['view'] });
      await clock.advance(2 * 3_600_000);
      await refuseWrites(file);
      expect(await access.identify({ cookieValue }, home)).toMatchObject({ via: 'session' });
      expect(await access.identify({ bearer: token }, home)).toMatchObject({ via: 'token' });
      await expect(access.login(owner, home)).rejects.toEqual(kind('storage-failed'));
    });
  });

  describe('a forgotten password', () => {
    test('is replaced from the command line and ends every session', async () => {
      const { cookieValue } = await access.claim(owner, home);
      expect(await access.resetPassword(undefined, 'brand new words')).toBe('owner');
      expect(await access.session(cookieValue)).toBeNull();
      await access.login({ username: 'owner', password: 'brand new words' }, home);
      expect(await access.resetPassword('owner ', 'once more words')).toBe('owner');
    });

    test('of nobody cannot be replaced, and a poor one is refused', async () => {
      await expect(access.resetPassword(undefined, 'brand new words')).rejects.toEqual(kind('not-found'));
      await access.claim(owner, home);
      await expect(access.resetPassword('thief', 'brand new words')).rejects.toEqual(kind('not-found'));
      await expect(access.resetPassword(undefined, 'short')).rejects.toEqual(kind('invalid-input'));
    });
  });

  describe('a token', () => {
    test('opens what its scopes say, until it is revoked', async () => {
      const { id, token, lastUsed } = await access.createToken({ name: 'script', scopes: ['view', 'view', 'metrics'] });
      expect(token).toMatch(/^kbe_[\w-]{43}$/);
      expect(lastUsed).toBeNull();
      expect(await access.identify({ bearer: token }, home)).toEqual({ via: 'token', name: 'script', scopes: ['view', 'metrics'] });
      expect(await access.identify({ bearer: `${token.slice(0, -1)}_` }, home)).toBeNull();
      expect(await access.identify({ cookieValue: token }, home)).toBeNull();
      await access.revokeToken(id);
      expect(await access.identify({ bearer: token }, home)).toBeNull();
      await expect(access.revokeToken(id)).rejects.toEqual(kind('not-found'));
    });

    test('notes its last use at most once a minute, also after the clock was set back', async () => {
      const { token } = await access.createToken({ name: 'script', scopes: ['view'] });
      const lastUsed = async () => (await access.tokens())[0]?.lastUsed;
      await access.identify({ bearer: token }, home);
      const first = await lastUsed();
      expect(first).toBe(new Date(clock.wall()).toISOString());
      await clock.advance(59_000);
      await access.identify({ bearer: token }, home);
      expect(await lastUsed()).toBe(first);
      await clock.advance(1_000);
      await access.identify({ bearer: token }, home);
      expect(await lastUsed()).toBe(new Date(clock.wall()).toISOString());
      clock.stepWall(-day);
      await access.identify({ bearer: token }, home);
      expect(await lastUsed()).toBe(new Date(clock.wall()).toISOString());
    });

    test('is one of at most 64', async () => {
      for (let count = 0; count < 64; count += 1) await access.createToken({ name: `script ${count}`, scopes: ['view'] });
      await expect(access.createToken({ name: 'one more', scopes: ['view'] })).rejects.toEqual(kind('conflict'));
    });
  });
});

/** From now on every write fails, as on a disk that takes nothing; reads go on. */
async function refuseWrites(file: string): Promise<void> {
  const db = new sqlite3.Database(file);
  const refusals = ['INSERT ON sessions', 'UPDATE ON sessions', 'UPDATE ON tokens'].map(
    (what, index) => `CREATE TRIGGER refusal${index} BEFORE ${what} BEGIN SELECT RAISE(FAIL, 'the disk takes nothing'); END`,
  );
  await new Promise<void>((resolve, reject) => db.exec(refusals.join(';'), (error) => (error ? reject(error) : resolve())));
  await new Promise<void>((resolve, reject) => db.close((error) => (error ? reject(error) : resolve())));
}
