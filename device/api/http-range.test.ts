import { describe, expect, test } from 'vitest';
import { attachmentDisposition, matchesEtag, rangeOf } from './http-range.ts';

const file = { sizeBytes: 1000, etag: '"abc"' };

describe('a range of bytes', () => {
  test.for([
    ['bytes=0-0', { kind: 'span', start: 0, end: 0 }],
    ['bytes=0-', { kind: 'span', start: 0, end: 999 }],
    ['bytes=500-2000', { kind: 'span', start: 500, end: 999 }],
    ['bytes=-1', { kind: 'span', start: 999, end: 999 }],
    ['bytes=-5000', { kind: 'span', start: 0, end: 999 }],
    ['bytes=999-999', { kind: 'span', start: 999, end: 999 }],
    ['bytes=1000-', { kind: 'unsatisfiable' }],
    ['bytes=-0', { kind: 'unsatisfiable' }],
    ['bytes=5-4', { kind: 'all' }],
    ['bytes=-', { kind: 'all' }],
    ['bytes=0-1,5-6', { kind: 'all' }],
    ['bytes=a-b', { kind: 'all' }],
    ['lines=0-1', { kind: 'all' }],
    ['bytes=99999999999999999999-', { kind: 'all' }],
    [undefined, { kind: 'all' }],
  ] as const)('%s of 1000 bytes', ([range, expected]) => {
    expect(rangeOf(file, range, undefined)).toEqual(expected);
  });

  test('counts only for the file it was meant for', () => {
    expect(rangeOf(file, 'bytes=0-9', '"abc"')).toEqual({ kind: 'span', start: 0, end: 9 });
    expect(rangeOf(file, 'bytes=0-9', '"older"')).toEqual({ kind: 'all' });
    expect(rangeOf(file, 'bytes=0-9', 'W/"abc"')).toEqual({ kind: 'all' });
    expect(rangeOf(file, 'bytes=0-9', 'Mon, 05 Jan 2026 08:00:00 GMT')).toEqual({ kind: 'all' });
  });

  test('of an empty file is never there', () => {
    expect(rangeOf({ sizeBytes: 0, etag: '"0"' }, 'bytes=0-', undefined)).toEqual({ kind: 'unsatisfiable' });
    expect(rangeOf({ sizeBytes: 0, etag: '"0"' }, 'bytes=-5', undefined)).toEqual({ kind: 'unsatisfiable' });
  });
});

describe('a validator', () => {
  test('is found in a list, weak or by the star', () => {
    expect(matchesEtag('"x", W/"abc"', '"abc"')).toBe(true);
    expect(matchesEtag('*', '"abc"')).toBe(true);
    expect(matchesEtag('"x"', '"abc"')).toBe(false);
    expect(matchesEtag(undefined, '"abc"')).toBe(false);
  });
});

describe('the name under which a browser saves', () => {
  test('keeps every letter for those who can read it and harms no header', () => {
    expect(attachmentDisposition('Tür "1"\r\nX: y.mp4')).toBe(
      `attachment; filename="T_r _1___X: y.mp4"; filename*=UTF-8''T%C3%BCr%20%221%22%0D%0AX%3A%20y.mp4`,
    );
    expect(attachmentDisposition("it's (1)*.mp4")).toContain("filename*=UTF-8''it%27s%20%281%29%2A.mp4");
    expect(attachmentDisposition('\ud800.mp4')).toContain("filename*=UTF-8''%EF%BF%BD.mp4");
  });
});
