import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createApi } from '#device/api/api.ts';
import { describeApi } from '#device/api/openapi.ts';
import type { ApiDeps } from '#device/api/ports.ts';

/** Writes build/openapi.json, the reference of the API, from the routes themselves: no device is started and nothing is asked of one. */
const root = join(import.meta.dirname, '..');

const { version }: { version: string } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
/** The routes are described, never called: a call of a port would be a mistake and throws. */
const plain = { version, portalDirectory: join(root, 'build/portal') };
const unasked = new Proxy(plain as ApiDeps, {
  get: (_, name) => Reflect.get(plain, name) ?? unaskedPort(String(name)),
});

function unaskedPort(port: string): object {
  const get = (_: object, call: string | symbol) => () => {
    throw new Error(`${port}.${String(call)} was called while the API was described`);
  };
  return new Proxy({}, { get });
}

const description = await describeApi(createApi(unasked), version);
const file = join(root, 'build/openapi.json');
await mkdir(join(root, 'build'), { recursive: true });
await writeFile(file, `${JSON.stringify(description, null, 2)}\n`);
process.stdout.write(`${file}\n`);
