import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import preact from '@preact/preset-vite';
import { defineConfig, type Plugin } from 'vite';

const outDir = join(import.meta.dirname, '../build/portal');

/** Writes `.br` and `.gz` beside each text file, so that the device never compresses while it serves. */
const precompress = (): Plugin => ({
  name: 'precompress',
  apply: 'build',
  async closeBundle() {
    const names = await readdir(outDir, { recursive: true });
    for (const name of names.filter((candidate) => /\.(js|css|html|svg|webmanifest)$/.test(candidate))) {
      const path = join(outDir, name);
      const content = await readFile(path);
      const brotli = await promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
      await writeFile(`${path}.br`, brotli);
      await writeFile(`${path}.gz`, await promisify(gzip)(content, { level: 9 }));
    }
  },
});

export default defineConfig({
  root: import.meta.dirname,
  plugins: [preact(), precompress()],
  build: { outDir, emptyOutDir: true, assetsInlineLimit: 0, modulePreload: { polyfill: false }, reportCompressedSize: true },
});
