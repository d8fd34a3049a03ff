import { expect, test } from 'vitest';
import { diskTroubleOf, storageFailure } from './disk-failure.ts';

const withCode = (code: string) => Object.assign(new Error(`${code}: something`), { code });

test.each([
  ['ENOSPC', 'storage-full', /full/],
  ['SQLITE_FULL', 'storage-full', /full/],
  ['EROFS', 'storage-failed', /read-only/],
  ['EIO', 'storage-failed', /EIO/],
  ['SQLITE_CORRUPT', 'storage-failed', /index.*damaged/],
  ['SQLITE_NOTADB', 'storage-failed', /index.*damaged/],
])('%s is told as what it is, with what to do', (code, kind, message) => {
  const failure = storageFailure(withCode(code));
  expect(failure).toMatchObject({ kind, message: expect.stringMatching(message), action: expect.any(String) });
  expect(diskTroubleOf(withCode(code))).toBe(kind === 'storage-full' ? 'full' : 'broken');
});

test('a fault of the program is not blamed on the disk', () => {
  expect(diskTroubleOf(new TypeError('undefined is not a function'))).toBeNull();
});
