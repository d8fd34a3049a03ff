import { describe, expect, test } from 'vitest';
import { Authorization, bestChallenge, type Challenge, digest } from './authorization.ts';

const request = { method: 'GET', url: '/dir/index.html', count: 1 };

function challenge(header: string): Challenge {
  const found = bestChallenge([header]);
  if (!found) throw new Error('no challenge');
  return found;
}

describe('a digest', () => {
  test('is that of RFC 2617, section 3.5', () => {
    const header =
      'Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"';
    const answer = digest(challenge(header), { username: 'Mufasa', password: 'Circle Of Life' }, { ...request, clientNonce: '0a4f113b' });
    expect(answer).toContain('response="6629fae49393a05397450978507c4ef1"');
    expect(answer).toContain('opaque="5ccc069c403ebaf9f0171e9517f40e41", qop=auth, nc=00000001, cnonce="0a4f113b"');
  });

  test('is that of RFC 7616, section 3.9.1, with SHA-256', () => {
    const header =
      'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=SHA-256, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"';
    const clientNonce = 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ';
    const answer = digest(challenge(header), { username: 'Mufasa', password: 'Circle of Life' }, { ...request, clientNonce });
    expect(answer).toContain('response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"');
  });

  test('of an old camera knows no quality of protection', () => {
    const answer = digest(
      challenge('Digest realm="camera", nonce="1"'),
      { username: 'a', password: 'b' },
      { ...request, clientNonce: 'c' },
    );
    expect(answer).not.toContain('qop');
    expect(answer).toMatch(/response="[0-9a-f]{32}"/);
  });

  test('counts how often its nonce was used', () => {
    const login = new Authorization(challenge('Digest realm="r", nonce="n", qop="auth"'), { username: 'a', password: 'b' });
    expect(login.header('OPTIONS', 'rtsp://c/')).toContain('nc=00000001');
    expect(login.header('DESCRIBE', 'rtsp://c/')).toContain('nc=00000002');
  });
});

describe('of several challenges', () => {
  test('the strongest that can be answered is taken', () => {
    const basic = 'Basic realm="r"';
    const md5 = 'Digest realm="r", nonce="n"';
    const sha = 'Digest realm="r", nonce="n", algorithm=SHA-256';
    expect(bestChallenge([basic, md5, sha])).toMatchObject({ scheme: 'digest', algorithm: 'SHA-256' });
    expect(bestChallenge([basic, md5])).toMatchObject({ scheme: 'digest', algorithm: 'MD5' });
    expect(bestChallenge([basic])).toMatchObject({ scheme: 'basic' });
  });

  test('none is taken that this device does not know', () => {
    expect(
      bestChallenge(['Negotiate', 'Digest realm="r", nonce="n", algorithm=SHA-512', 'Digest realm="r", nonce="n", qop="auth-int"']),
    ).toBeNull();
  });
});
