import { createHash, randomBytes } from 'node:crypto';

export interface Login {
  username: string;
  password: string;
}

export interface Challenge {
  scheme: 'basic' | 'digest';
  realm: string;
  nonce: string;
  opaque: string | null;
  algorithm: 'MD5' | 'SHA-256';
  hasQop: boolean;
}

const hashes = { MD5: 'md5', 'SHA-256': 'sha256' } as const;

/** The best of the challenges in `WWW-Authenticate` that this device can answer; null when there is none. RFC 7616, RFC 7617. */
export function bestChallenge(headers: readonly string[]): Challenge | null {
  const challenges = headers.flatMap((header) => challengeOf(header) ?? []);
  const rank = ({ scheme, algorithm }: Challenge) => (scheme === 'basic' ? 0 : algorithm === 'MD5' ? 1 : 2);
  return challenges.sort((a, b) => rank(b) - rank(a))[0] ?? null;
}

function challengeOf(header: string): Challenge | null {
  const scheme = /^(basic|digest)\s/i.exec(header)?.[1]?.toLowerCase();
  if (scheme !== 'basic' && scheme !== 'digest') return null;
  const values = new Map<string, string>();
  for (const match of header.matchAll(/([a-z]+)\s*=\s*(?:"([^"]*)"|([^\s,]+))/gi))
    values.set((match[1] ?? '').toLowerCase(), match[2] ?? match[3] ?? '');
  const algorithm = (values.get('algorithm') ?? 'MD5').toUpperCase();
  if (algorithm !== 'MD5' && algorithm !== 'SHA-256') return null;
  const qop = values.get('qop');
  if (qop !== undefined && !qop.split(/[\s,]+/).includes('auth')) return null;
  return {
    scheme,
    realm: values.get('realm') ?? '',
    nonce: values.get('nonce') ?? '',
    opaque: values.get('opaque') ?? null,
    algorithm,
    hasQop: qop !== undefined,
  };
}

/** Answers a challenge for one request after the other. */
export class Authorization {
  readonly #challenge: Challenge;
  readonly #login: Login;
  #count = 0;

  constructor(challenge: Challenge, login: Login) {
    this.#challenge = challenge;
    this.#login = login;
  }

  /** The value of the `Authorization` header. */
  header(method: string, url: string): string {
    const { scheme } = this.#challenge;
    if (scheme === 'basic') return `Basic ${Buffer.from(`${this.#login.username}:${this.#login.password}`).toString('base64')}`;
    this.#count += 1;
    return digest(this.#challenge, this.#login, { method, url, count: this.#count, clientNonce: randomBytes(8).toString('hex') });
  }
}

interface DigestRequest {
  method: string;
  url: string;
  count: number;
  clientNonce: string;
}

export function digest(challenge: Challenge, { username, password }: Login, { method, url, count, clientNonce }: DigestRequest): string {
  const { realm, nonce, opaque, algorithm, hasQop } = challenge;
  const hash = (text: string) => createHash(hashes[algorithm]).update(text).digest('hex');
  const who = hash(`${username}:${realm}:${password}`);
  const what = hash(`${method}:${url}`);
  const nonceCount = count.toString(16).padStart(8, '0');
  const response = hasQop ? hash(`${who}:${nonce}:${nonceCount}:${clientNonce}:auth:${what}`) : hash(`${who}:${nonce}:${what}`);
  const fields = [
    `username="${username.replaceAll('"', '\\"')}"`,
    `realm="${realm}"`,
    `nonce="${nonce}"`,
    `uri="${url}"`,
    `response="${response}"`,
  ];
  if (algorithm !== 'MD5') fields.push(`algorithm=${algorithm}`);
  if (opaque !== null) fields.push(`opaque="${opaque}"`);
  if (hasQop) fields.push('qop=auth', `nc=${nonceCount}`, `cnonce="${clientNonce}"`);
  return `Digest ${fields.join(', ')}`;
}
