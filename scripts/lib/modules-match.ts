import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod/mini';

/**
 * `modules-match.ts ROOT`: status 0 when node_modules is what package-lock.json asks for, whoever installed it, and the modules
 * that are compiled here have been. Packages for other platforms may be absent.
 */
const lockSchema = z.object({
  packages: z.record(z.string(), z.object({ version: z.optional(z.string()), optional: z.optional(z.boolean()) })),
});
const compiled = ['sqlite3/build/Release/node_sqlite3.node', 'mdns/build/Release/dns_sd_bindings.node'];

const [root = '.'] = process.argv.slice(2);
const modules = join(root, 'node_modules');
const packagesOf = (file: string) => lockSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).packages;
const installed = packagesOf(join(modules, '.package-lock.json'));
const asked = Object.entries(packagesOf(join(root, 'package-lock.json')));
const matches = asked.every(([path, { version, optional }]) => path === '' || optional === true || installed[path]?.version === version);
process.exitCode = matches && compiled.every((file) => existsSync(join(modules, file))) ? 0 : 1;
