import { type Argon2Parameters, argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { Failure } from '#device/kernel/failure.ts';

const derive = promisify(argon2);

/** OWASP's second choice for argon2id: about 40 ms on a PC, some tenths of a second on a Pi, and 19 MiB while it lasts. */
const parameters = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 } as const;
const nonceBytes = 16;

/** Bounds of what a stored hash may ask for: a tampered database must not make a login eat the memory. */
const most = { memory: 65_536, passes: 10, parallelism: 4 } as const;
const mostWaiting = 16;

const phcPattern = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/;

interface Parsed {
  memory: number;
  passes: number;
  parallelism: number;
  nonce: Buffer;
  tag: Buffer;
}

export interface PasswordHasher {
  /** A PHC string: `$argon2id$v=19$m=…,t=…,p=…$salt$hash`. */
  hash(password: string): Promise<string>;
  /** False for a wrong password and for a hash that cannot be read. Both methods throw `rate-limited` when too many wait. */
  verify(password: string, phc: string): Promise<boolean>;
}

/** One at a time, so that a crowd costs no more memory than one login on each of Node's four worker threads. */
export function createPasswordHasher(): PasswordHasher {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    if (waiting >= mostWaiting) {
      return Promise.reject(
        new Failure('rate-limited', 'Too many people are logging in at this moment.', { action: 'Try again in a minute.' }),
      );
    }
    waiting += 1;
    const turn = last.then(work).finally(() => {
      waiting -= 1;
    });
    last = turn.catch(() => undefined);
    return turn;
  };

  return {
    hash: (password) => inTurn(() => hashPassword(password)),
    verify: (password, phc) => inTurn(() => verifyPassword(password, phc)),
  };
}

/** Whether a hash was made with other parameters than today's and should be made anew at the next login. */
export function isOutdated(phc: string): boolean {
  const parsed = parse(phc);
  return (
    !parsed || parsed.memory !== parameters.memory || parsed.passes !== parameters.passes || parsed.parallelism !== parameters.parallelism
  );
}

async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(nonceBytes);
  const tag = await tagOf(password, { ...parameters, nonce });
  const { memory, passes, parallelism } = parameters;
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${unpadded(nonce)}$${unpadded(tag)}`;
}

async function verifyPassword(password: string, phc: string): Promise<boolean> {
  const parsed = parse(phc);
  if (!parsed) return false;
  const { memory, passes, parallelism, nonce, tag } = parsed;
  const found = await tagOf(password, { memory, passes, parallelism, nonce, tagLength: tag.length });
  return timingSafeEqual(found, tag);
}

/** Composed and decomposed accents are the same password. */
function tagOf(password: string, given: Omit<Argon2Parameters, 'message'>): Promise<Buffer> {
  return derive('argon2id', { ...given, message: password.normalize('NFC') });
}

function parse(phc: string): Parsed | null {
  const match = phcPattern.exec(phc);
  if (!match) return null;
  const [, memory = '', passes = '', parallelism = '', nonce = '', tag = ''] = match;
  const parsed = {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    nonce: decoded(nonce),
    tag: decoded(tag),
  };
  const isBounded = parsed.memory <= most.memory && parsed.passes <= most.passes && parsed.parallelism <= most.parallelism;
  const isPossible = parsed.passes >= 1 && parsed.parallelism >= 1 && parsed.memory >= 8 * parsed.parallelism;
  return isBounded && isPossible ? parsed : null;
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}

function decoded(text: string): Buffer {
  return Buffer.from(text, 'base64');
}
