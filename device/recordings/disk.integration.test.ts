import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { concat } from '#device/media/mp4/box.ts';
import { nodeDisk } from './disk.ts';

test('what is written in pieces lies in the file without a seam, however many there are', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'disk-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  // More than the operating system takes at once; some of them empty.
  const pieces = Array.from({ length: 2_500 }, (_, index) => new Uint8Array(index % 7).fill(index));
  let writtenBytes = 0;
  const file = await nodeDisk((bytes) => {
    writtenBytes += bytes;
  }).create(join(folder, 'file'));
  try {
    await file.write(0, Uint8Array.of(1, 2, 3));
    await file.write(3, ...pieces);
    const whole = concat([Uint8Array.of(1, 2, 3), ...pieces]);
    expect(await file.read(0, whole.length + 1)).toEqual(whole);
    expect(writtenBytes).toBe(whole.length);
  } finally {
    await file.close();
  }
});
