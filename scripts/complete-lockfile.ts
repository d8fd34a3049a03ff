import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { absentOptional, lockSchema } from './checks/lockfile.ts';

/**
 * Writes into package-lock.json what npm leaves out when a registry does not carry a package for some other platform.
 * Without it `npm ci` refuses the lockfile. The platform is read off the package's name; npm never fetches it where it does not fit.
 */
const file = join(import.meta.dirname, '../package-lock.json');
const systems = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'wasi', 'wasm32', 'win32'];
const processors = ['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64'];

const text = await readFile(file, 'utf8');
const whole = z.looseObject({ packages: z.record(z.string(), z.unknown()) }).parse(JSON.parse(text));
const lock = lockSchema.parse(whole);
for (const { name, version, dev } of absentOptional(lock)) {
  const words = name.split(/[/-]/);
  const os = systems.filter((system) => words.includes(system));
  const cpu = processors.filter((processor) =>
    words.some((word) => word === processor || (processor === 'arm' && /^arm(v\d|eabi)/.test(word))),
  );
  const libc = words.some((word) => word.startsWith('musl')) ? ['musl'] : words.some((word) => word.startsWith('gnu')) ? ['glibc'] : [];
  if (os.length === 0 || !/^\d+\.\d+\.\d+$/.test(version)) throw new Error(`${name}@${version} names no platform or no exact version`);
  whole.packages[`node_modules/${name}`] = {
    version,
    cpu,
    ...(dev ? { dev } : {}),
    ...(libc.length > 0 ? { libc } : {}),
    optional: true,
    os,
  };
  process.stdout.write(`${name}@${version}\n`);
}
whole.packages = Object.fromEntries(Object.entries(whole.packages).sort(([a], [b]) => a.localeCompare(b, 'en')));
await writeFile(file, `${JSON.stringify(whole, null, 2)}\n`);
