import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CameraSource, RtspSource } from '#device/contract/contract.ts';
import { Failure } from '#device/kernel/failure.ts';
import { mergeSource, normalizeSource, publicSource } from './camera-source.ts';

const rtsp = (url: string, more: Partial<RtspSource> = {}): RtspSource => ({ kind: 'rtsp', url, transport: 'tcp', ...more });
const file = (url: string): CameraSource => ({ kind: 'file', url, loop: true });

describe('an RTSP source', () => {
  test('moves user information out of its addresses', () => {
    expect(normalizeSource(rtsp('rtsp://admin:p%40ss@10.0.0.2:554/main?x=1', { subUrl: 'rtsp://admin:p%40ss@10.0.0.2/sub' }))).toEqual(
      rtsp('rtsp://10.0.0.2:554/main?x=1', { subUrl: 'rtsp://10.0.0.2/sub', username: 'admin', password: 'p@ss' }),
    );
  });

  test('takes a password that was not escaped as it is', () => {
    expect(normalizeSource(rtsp('rtsp://admin:50%@cam.local/'))).toMatchObject({ username: 'admin', password: '50%' });
    expect(normalizeSource(rtsp('rtsp://admin:p@ss@cam.local/'))).toMatchObject({ url: 'rtsp://cam.local/', password: 'p@ss' });
  });

  test.each([
    'http://cam/',
    'cam.local/stream',
    'rtsp:///stream',
    'rtsp://-oProxyCommand/x',
    'rtsp://cam/\u0000x',
    'rtsp://cam/\nx',
    'rtsp://admin:12/secret@cam/x',
    'javascript:alert(1)',
    'rtsp://cam:99999/',
  ])('refuses %j', (url) => {
    expect(() => normalizeSource(rtsp(url))).toThrow(Failure);
  });

  test('refuses two streams with two passwords', () => {
    expect(() => normalizeSource(rtsp('rtsp://a:b@cam/1', { subUrl: 'rtsp://a:c@cam/2' }))).toThrow(/same user name/);
  });

  test('keeps the password a change does not name, and drops the one it empties', () => {
    const before = rtsp('rtsp://cam/1', { username: 'admin', password: 'secret', caPem: 'PEM' });
    expect(mergeSource(before, rtsp('rtsp://cam/2'))).toEqual({ ...before, url: 'rtsp://cam/2' });
    expect(mergeSource(before, rtsp('rtsp://cam/2', { username: 'other', password: 'new' }))).toMatchObject({
      username: 'other',
      password: 'new',
    });
    expect(mergeSource(before, rtsp('rtsp://cam/2', { password: '' }))).not.toHaveProperty('password');
    expect(mergeSource(before, rtsp('rtsp://cam/2', { username: '' }))).toEqual({
      kind: 'rtsp',
      transport: 'tcp',
      url: 'rtsp://cam/2',
      caPem: 'PEM',
    });
    expect(mergeSource(before, file('/a.mp4'))).toEqual(file('/a.mp4'));
  });

  test.each([
    ['another host', 'rtsp://elsewhere/1', {}],
    ['another port', 'rtsp://cam:8554/1', {}],
    ['the same name as part of another', 'rtsp://cam.elsewhere/1', {}],
    ['a smaller stream of another host', 'rtsp://cam/1', { subUrl: 'rtsp://elsewhere/2' }],
  ])('keeps the saved password from %s', (_what, url, more) => {
    const before = rtsp('rtsp://cam/1', { username: 'admin', password: 'secret' });
    expect(() => mergeSource(before, rtsp(url, more))).toThrow(/password/);
    expect(mergeSource(before, rtsp(url, { ...more, password: 'new' }))).toMatchObject({ username: 'admin', password: 'new' });
    expect(mergeSource(before, rtsp(url, { ...more, password: '' }))).not.toHaveProperty('password');
    expect(mergeSource(before, rtsp(url, { ...more, username: '' }))).not.toHaveProperty('password');
    expect(mergeSource(rtsp('rtsp://cam/1', { username: 'admin' }), rtsp(url, more))).toMatchObject({ url });
  });

  test.each([
    ['another host', 'http://elsewhere/onvif/device_service'],
    ['the same name as part of another', 'http://cam.elsewhere/onvif/device_service'],
    ['a host that only names it', 'http://elsewhere/?rtsp://cam'],
  ])('keeps the saved password from ONVIF at %s', (_what, onvifUrl) => {
    const before = rtsp('rtsp://cam/1', { onvifUrl: 'http://bridge/onvif', username: 'admin', password: 'secret' });
    expect(() => mergeSource(before, rtsp('rtsp://cam/1', { onvifUrl }))).toThrow(/password/);
    expect(mergeSource(before, rtsp('rtsp://cam/1', { onvifUrl, password: 'new' }))).toMatchObject({ onvifUrl, password: 'new' });
    expect(mergeSource(before, rtsp('rtsp://cam/1', { onvifUrl, username: '' }))).not.toHaveProperty('password');
  });

  test.each(['http://CAM:8080/onvif', 'https://cam/onvif', 'http://recorder:2020/other', 'http://bridge/onvif'])(
    'sends the saved password to ONVIF at %s, whose host it was saved for',
    (onvifUrl) => {
      const login = { username: 'admin', password: 'secret' };
      const before = rtsp('rtsp://cam/1', { subUrl: 'rtsp://recorder/2', onvifUrl: 'http://bridge/onvif', ...login });
      expect(mergeSource(before, rtsp('rtsp://cam/1', { onvifUrl }))).toMatchObject({ onvifUrl, password: 'secret' });
    },
  );

  test('keeps the saved password from pictures of a host that only took orders before', () => {
    const before = rtsp('rtsp://cam/1', { onvifUrl: 'http://bridge/onvif', username: 'admin', password: 'secret' });
    expect(() => mergeSource(before, rtsp('rtsp://bridge/1', { onvifUrl: 'http://bridge/onvif' }))).toThrow(/password/);
  });

  test('keeps the saved password from a connection that is not encrypted any more', () => {
    const before = rtsp('rtsps://cam:7441/1', { username: 'admin', password: 'secret' });
    expect(() => mergeSource(before, rtsp('rtsp://cam:7441/1'))).toThrow(/password/);
  });

  test.each(['rtsp://CAM:554/other', 'rtsp://cam/'])('knows the saved address again in %s', (url) => {
    const before = rtsp('rtsp://cam/1', { subUrl: 'rtsp://cam:8554/2', username: 'admin', password: 'secret' });
    expect(mergeSource(before, rtsp(url))).toMatchObject({ password: 'secret' });
    expect(mergeSource(before, rtsp(url, { subUrl: 'rtsp://Cam:8554/3' }))).toMatchObject({ password: 'secret' });
  });

  test('hides a password that belongs to the path, and takes it back from the hidden view', () => {
    const before = rtsp('rtsp://cam:554/user=admin&password=hunter2&channel=1');
    const shown = publicSource(before);
    expect(shown).toEqual({ ...before, url: 'rtsp://cam:554/user=admin&password=******&channel=1', hasPassword: false });
    expect(publicSource(rtsp('rtsp://cam/user=admin_password=tlJ_wpbo6_channel=1_stream=0.sdp'))).toMatchObject({
      url: 'rtsp://cam/user=admin_password=******_channel=1_stream=0.sdp',
    });
    expect(mergeSource(before, rtsp('rtsp://cam:554/user=admin&password=******&channel=1'))).toEqual(before);
    expect(() => mergeSource(before, rtsp('rtsp://elsewhere/user=admin&password=******&channel=1'))).toThrow(/password/);
  });

  test('never shows a password, whatever it is and wherever it stood', () => {
    const password = fc.string({ unit: 'grapheme-ascii', minLength: 6, maxLength: 40 }).map((tail) => `Zq7#${tail}`);
    const place = fc.constantFrom('field' as const, 'escaped' as const, 'raw' as const, 'query' as const);
    fc.assert(
      fc.property(password, place, (secret, where) => {
        const sources = {
          field: rtsp('rtsp://cam/1', { username: 'admin', password: secret }),
          escaped: rtsp(`rtsp://admin:${encodeURIComponent(secret)}@cam/1`),
          raw: rtsp(`rtsp://admin:${secret}@cam/1`),
          query: rtsp(`rtsp://cam/1?password=${encodeURIComponent(secret)}&channel=1`),
        };
        const told = outcome(sources[where]);
        for (const hidden of [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), 'Zq7'])
          expect(told).not.toContain(hidden);
      }),
      { numRuns: 500 },
    );
  });
});

/** Everything a stranger may see of a source: its public view, or the message of its refusal. */
function outcome(source: RtspSource): string {
  try {
    return JSON.stringify(publicSource(source));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return `${error.message} ${error.action}`;
  }
}

describe('a file source', () => {
  test.each([
    ['/videos/a b.mp4', '/videos/a b.mp4'],
    ['file:///videos/a%20b.mp4', '/videos/a b.mp4'],
    ['/videos//-loop.mp4', '/videos/-loop.mp4'],
    ['file:///a/%2e%2e/b.mp4', '/b.mp4'],
  ])('%s is %s', (url, path) => {
    expect(normalizeSource(file(url))).toEqual(file(path));
  });

  const refused = [
    'videos/a.mp4',
    '-i',
    '/videos/../etc/passwd',
    'file://elsewhere/a.mp4',
    'concat:/a',
    '/dev/sda',
    '/proc/self/environ',
    '/',
    '/a\n.mp4',
  ];
  test.each(refused)('refuses %j', (url) => {
    expect(() => normalizeSource(file(url))).toThrow(Failure);
  });
});
