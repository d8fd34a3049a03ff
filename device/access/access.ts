import { randomBytes } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { Transaction } from 'kysely';
import type { Claim, CreatedToken, Login, NewToken, Scope, Session, Token } from '#device/contract/contract.ts';
import type { Clock } from '#device/kernel/clock.ts';
import type { Restored } from '#device/kernel/database.ts';
import { Failure } from '#device/kernel/failure.ts';
import type { Logger } from '#device/kernel/logger.ts';
import { isLocalAddress } from '#device/kernel/remote-address.ts';
import { openSoundDatabase } from '#device/kernel/sound-database.ts';
import { type AttemptLimits, type Attempts, countAttempts, usualAttemptLimits } from './attempts.ts';
import { type ClaimMark, claimMarkOf } from './claim-mark.ts';
import { createPasswordHasher, isOutdated, type PasswordHasher } from './password-hash.ts';
import { checkPassword } from './password-rules.ts';
import { keepSessions, type LoggedIn, type Sessions } from './sessions.ts';
import { type AccessTables, accessMigrations } from './tables.ts';
import { keepTokens, type Tokens } from './tokens.ts';
import { keepUsers, type User, type Users } from './users.ts';

interface AccessOptions {
  /** SQLite file, made when absent. Only this room writes it. */
  file: string;
  clock: Clock;
  logger: Logger;
  attemptLimits?: AttemptLimits;
  /** The version of the device that opens it. */
  release?: string;
}

export interface Identity {
  via: 'session' | 'token';
  name: string;
  scopes: readonly Scope[];
}

/** Who may do what. Every method may throw a Failure with plain words; passwords, cookies and tokens are in none of them. */
export interface Access {
  /** Also when its users were lost: a damaged file makes nobody the owner. */
  isClaimed(): boolean;
  /** It was claimed, but nobody can log in any more until `resetPassword` makes a user anew. As found when it was opened. */
  readonly usersLost: boolean;
  /** An older release put back the users it had written itself; null when it had not. */
  readonly restored: Restored | null;
  /** `already-claimed`, `forbidden` for outsiders, `rate-limited`, `invalid-input` for a bad password. */
  claim(claim: Claim, remoteAddress: string): Promise<LoggedIn>;
  /** `wrong-login` whether the name or the password is wrong, after the same time; `rate-limited`; `unavailable` when the users were lost. */
  login(login: Login, remoteAddress: string): Promise<LoggedIn>;
  logout(cookieValue: string): Promise<void>;
  identify(credentials: { cookieValue?: string; bearer?: string }, remoteAddress: string): Promise<Identity | null>;
  session(cookieValue: string): Promise<Session | null>;
  /** Ends every session of the user and begins one for whoever changed it; tokens stay. */
  changePassword(username: string, change: { current: string; next: string }): Promise<LoggedIn>;
  /** For a command line on the device itself: asks for nothing. Ends every session; answers whose password it was. Makes the owner anew when the users were lost. */
  resetPassword(username: string | undefined, next: string): Promise<string>;
  /** For whoever stands before the device: users, sessions and tokens go, and the next claim from its own network makes the owner. */
  release(): Promise<void>;
  tokens(): Promise<Token[]>;
  createToken(token: NewToken): Promise<CreatedToken>;
  revokeToken(id: string): Promise<void>;
  close(): Promise<void>;
}

/** A person may do everything; scopes only narrow tokens. */
const personScopes: readonly Scope[] = ['view', 'operate', 'admin', 'metrics'];

interface Rooms {
  users: Users;
  sessions: Sessions;
  tokens: Tokens;
  hasher: PasswordHasher;
  attempts: Attempts;
  mark: ClaimMark;
  logger: Logger;
}

export async function openAccess(options: AccessOptions): Promise<Access> {
  const { clock, logger } = options;
  await keepPrivate(options.file);
  const { database, damagedCopy, newerCopy } = await openSoundDatabase<AccessTables>({
    file: options.file,
    room: 'access',
    migrations: accessMigrations,
    ...(options.release === undefined ? {} : { release: options.release }),
  });
  const rooms: Rooms = {
    users: keepUsers(database, clock),
    sessions: keepSessions(database, clock),
    tokens: keepTokens(database, clock),
    hasher: createPasswordHasher(),
    attempts: countAttempts(options.attemptLimits ?? usualAttemptLimits),
    mark: claimMarkOf(options.file),
    logger,
  };
  const nobodysHash = await rooms.hasher.hash(randomBytes(16).toString('hex'));
  const hasUsers = await rooms.users.any();
  let claimed = hasUsers || damagedCopy !== null || newerCopy !== null || (await rooms.mark.isSet());
  if (claimed) await remember(rooms);
  const usersLost = claimed && !hasUsers;
  if (usersLost) logger.error({ damagedCopy }, 'the users were lost; nobody can log in until the password is reset on the device');
  return {
    isClaimed: () => claimed,
    usersLost,
    restored: database.restored,
    claim: async (claim, remoteAddress) => {
      if (claimed) throw alreadyClaimed();
      const user = await claimDevice(rooms, claim, remoteAddress);
      claimed = true;
      if (!user) throw alreadyClaimed();
      await remember(rooms);
      return kept(rooms.sessions.begin(user));
    },
    login: (login, remoteAddress) => logIn(rooms, login, remoteAddress, nobodysHash),
    logout: (cookieValue) => rooms.sessions.end(cookieValue),
    identify: (credentials) => identify(rooms, credentials),
    session: (cookieValue) => rooms.sessions.find(cookieValue),
    changePassword: (username, change) => changePassword(rooms, username, change),
    resetPassword: (username, next) => resetPassword(rooms, username?.trim(), next),
    release: async () => {
      // The mark first: what is left in between is a device that still belongs to its owner, not one that belongs to nobody for ever.
      await rooms.mark.clear();
      await rooms.users.removeAll();
      claimed = false;
      logger.warn({}, 'the device was released: it can be claimed anew');
    },
    tokens: () => rooms.tokens.all(),
    createToken: (token) => rooms.tokens.create(token),
    revokeToken: (id) => rooms.tokens.revoke(id),
    close: () => database.close(),
  };
}

/** Made before SQLite makes it, for this user alone; its write-ahead log takes the same mode. */
async function keepPrivate(file: string): Promise<void> {
  try {
    const handle = await open(file, 'a', 0o600);
    await handle.chmod(0o600);
    await handle.close();
  } catch (cause) {
    throw new Failure('storage-failed', `The file ${file} cannot be written.`, { action: 'Check the data folder and its owner.', cause });
  }
}

function alreadyClaimed(): Failure {
  return new Failure('already-claimed', 'This device already belongs to someone.', { action: 'Log in instead.' });
}

function usersGone(): Failure {
  return new Failure('unavailable', 'The users of this device were lost, so nobody can log in.', {
    action: 'Run "scripts/kerberos reset-password" on the device, or restore a backup.',
  });
}

/** null when someone else was faster. */
async function claimDevice(rooms: Rooms, { username, password }: Claim, remoteAddress: string): Promise<User | null> {
  if (!isLocalAddress(remoteAddress)) {
    throw new Failure('forbidden', 'The device can only be claimed from its own network.', {
      action: 'Open it from a computer or phone on the same network.',
    });
  }
  await rooms.attempts.claim(remoteAddress);
  checkPassword(username, password);
  const user = await rooms.users.createFirst(username, await rooms.hasher.hash(password));
  if (user) rooms.logger.info({ username }, 'the device was claimed');
  return user;
}

async function logIn(rooms: Rooms, { username, password }: Login, remoteAddress: string, nobodysHash: string): Promise<LoggedIn> {
  await rooms.attempts.login(username, remoteAddress);
  if (!(await rooms.users.any())) throw usersGone();
  const user = await rooms.users.find(username);
  const isRight = await rooms.hasher.verify(password, user?.passwordHash ?? nobodysHash);
  if (!user || !isRight) {
    rooms.logger.warn({ remoteAddress }, 'a login failed');
    throw new Failure('wrong-login', 'The name or the password is wrong.', { action: 'Try again, or reset the password on the device.' });
  }
  await rooms.attempts.succeeded(username, remoteAddress);
  if (isOutdated(user.passwordHash)) await rooms.users.refreshHash(user.id, await rooms.hasher.hash(password));
  return kept(rooms.sessions.begin(user));
}

/** A disk that takes nothing is told as what it is, not as a fault of the device. */
async function kept(login: Promise<LoggedIn>): Promise<LoggedIn> {
  return login.catch((cause: unknown) => {
    if (cause instanceof Failure) throw cause;
    throw new Failure('storage-failed', 'The login cannot be kept: the storage of the device takes nothing.', {
      action: 'Check the disk or card of the device. Those who are logged in stay so.',
      cause,
    });
  });
}

/** Not being able to is no reason to keep the owner out. */
async function remember({ mark, logger }: Rooms): Promise<void> {
  await mark.set().catch((error: unknown) => logger.warn({ err: error }, 'the claim could not be marked beside the database'));
}

async function identify({ tokens, sessions }: Rooms, credentials: { cookieValue?: string; bearer?: string }): Promise<Identity | null> {
  if (credentials.bearer !== undefined) {
    const token = await tokens.find(credentials.bearer);
    return token && { via: 'token', name: token.name, scopes: token.scopes };
  }
  if (credentials.cookieValue === undefined) return null;
  const session = await sessions.find(credentials.cookieValue);
  return session && { via: 'session', name: session.username, scopes: personScopes };
}

async function changePassword(rooms: Rooms, username: string, change: { current: string; next: string }): Promise<LoggedIn> {
  await rooms.attempts.passwordChange(username);
  const user = await rooms.users.find(username);
  if (!user || !(await rooms.hasher.verify(change.current, user.passwordHash))) {
    throw new Failure('wrong-login', 'The present password is wrong.');
  }
  // Not by a login with the new password: that one is counted, and somebody who guesses would log the owner out.
  return kept(replacePassword(rooms, user, change.next, (replacement) => rooms.sessions.begin(user, replacement)));
}

async function resetPassword(rooms: Rooms, username: string | undefined, next: string): Promise<string> {
  if (!(await rooms.users.any()) && (await rooms.mark.isSet())) return makeOwnerAnew(rooms, username ?? 'owner', next);
  const user = username === undefined ? await rooms.users.only() : await rooms.users.find(username);
  if (!user) {
    throw new Failure('not-found', username === undefined ? 'There is not exactly one user.' : 'There is no such user.', {
      action: 'If nobody has claimed the device yet, open it in a browser.',
    });
  }
  await replacePassword(rooms, user, next, async () => undefined);
  return user.username;
}

async function makeOwnerAnew(rooms: Rooms, username: string, password: string): Promise<string> {
  checkPassword(username, password);
  await rooms.users.createFirst(username, await rooms.hasher.hash(password));
  rooms.logger.info({ username }, 'the owner was made anew after the users were lost');
  return username;
}

async function replacePassword<T>(
  rooms: Rooms,
  user: User,
  next: string,
  afterwards: (change: Transaction<AccessTables>) => Promise<T>,
): Promise<T> {
  checkPassword(user.username, next);
  const done = await rooms.users.changePassword(user.id, await rooms.hasher.hash(next), afterwards);
  rooms.logger.info({ username: user.username }, 'a password was changed; all its sessions ended');
  return done;
}
