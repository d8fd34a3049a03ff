import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '#device/kernel/clock.ts';
import { openNamedPipes } from './named-pipes.ts';
import { PgmReader, type Picture } from './picture-reader.ts';

/** The part of the stage for rpicam-vid that needs no Raspberry Pi, compiled as it is. */

const run = promisify(execFile);
let folder = '';
const writer = () => join(folder, 'luma-writer');

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'luma-writer-'));
  await run('c++', ['-std=c++20', '-Wall', '-Wextra', '-Werror', '-o', writer(), join(import.meta.dirname, '../testing/luma-writer.cpp')]);
}, 60_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('The pipe of the small pictures', () => {
  it('never waits for its reader, and leaves out whole pictures', { timeout: 30_000 }, async () => {
    const pipes = await openNamedPipes(systemClock, ['luma.pgm']);
    try {
      // Nobody reads until the writer has ended: it would never end if it waited.
      await run(writer(), [pipes.pathOf('luma.pgm'), '100']);
      const pictures: Picture[] = [];
      const reader = new PgmReader((picture) => pictures.push(picture));
      const left = Promise.withResolvers<void>();
      pipes.reader('luma.pgm').on('data', (bytes: Buffer) => {
        reader.push(bytes);
        if (pictures.length >= 3) left.resolve();
      });
      await left.promise;
      expect(pictures.length).toBeLessThan(100);
      for (const [index, { width, height, luma }] of pictures.entries()) {
        expect([width, height, ...new Set(luma)]).toEqual([320, 240, index]);
      }
    } finally {
      await pipes.close();
    }
  });
});
