import { argon2Sync, randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { Failure } from '#device/kernel/failure.ts';
import { createPasswordHasher, isOutdated } from './password-hash.ts';
import { checkPassword } from './password-rules.ts';

describe('a password', () => {
  test.for(['a wall has ears', 'correct horse', 'äöüäöüß-ok', '1234567890x!'])('"%s" is taken', (password) => {
    expect(() => checkPassword('owner', password)).not.toThrow();
  });

  test.for([
    ['short', 'at least 10'],
    ['x'.repeat(257), 'at most 256'],
    ['Administrator', 'anyone would try'],
    ['PASSWORD123', 'anyone would try'],
    ['aaaaaaaaaaaa', 'anyone would try'],
    ['ababababababab', 'anyone would try'],
    ['The.Owner.Himself', 'must not be the name'],
  ] as const)('"%s" is refused', ([password, reason]) => {
    expect(() => checkPassword('the.owner.himself', password)).toThrow(
      expect.objectContaining({ kind: 'invalid-input', message: expect.stringContaining(reason) }),
    );
  });
});

describe('what is stored of a password', () => {
  const hasher = createPasswordHasher();

  test('says how it was made, is different each time and fits that password alone', async () => {
    const [one, other] = await Promise.all([hasher.hash('a wall has ears'), hasher.hash('a wall has ears')]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(one).not.toBe(other);
    expect(await hasher.verify('a wall has ears', one)).toBe(true);
    expect(await hasher.verify('a wall has eyes', one)).toBe(false);
    expect(isOutdated(one)).toBe(false);
  });

  test('is the same however the keyboard composes its accents', async () => {
    const phc = await hasher.hash('caf\u00e9 caf\u00e9 caf\u00e9');
    expect(await hasher.verify('cafe\u0301 cafe\u0301 cafe\u0301', phc)).toBe(true);
  });

  test('of older parameters still counts, and is recognized as old', async () => {
    const nonce = randomBytes(16);
    const tag = argon2Sync('argon2id', { message: 'old one', nonce, memory: 64, passes: 1, parallelism: 1, tagLength: 32 });
    const unpadded = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '');
    const phc = `$argon2id$v=19$m=64,t=1,p=1$${unpadded(nonce)}$${unpadded(tag)}`;
    expect(await hasher.verify('old one', phc)).toBe(true);
    expect(await hasher.verify('new one', phc)).toBe(false);
    expect(isOutdated(phc)).toBe(true);
  });

  test.for([
    '',
    'plain',
    '$argon2i$v=19$m=64,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    '$argon2id$v=19$m=9999999,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    '$argon2id$v=19$m=64,t=0,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
  ])('that was tampered with ("%s") fits nothing and costs nothing', async (phc) => {
    expect(await hasher.verify('', phc)).toBe(false);
  });

  test('is made one at a time, and a crowd is turned away instead of queued without end', async () => {
    const crowd = await Promise.allSettled(Array.from({ length: 20 }, () => createCrowdMember(hasher)));
    const refused = crowd.filter((result) => result.status === 'rejected');
    expect(refused).toHaveLength(4);
    expect(refused.every((result) => result.reason instanceof Failure && result.reason.kind === 'rate-limited')).toBe(true);
    expect(await hasher.verify('x', await hasher.hash('x'))).toBe(true);
  });
});

function createCrowdMember(hasher: ReturnType<typeof createPasswordHasher>): Promise<string> {
  return hasher.hash('everyone at once');
}
