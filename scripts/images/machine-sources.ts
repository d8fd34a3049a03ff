import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from './program.ts';

const certificates = '/etc/ssl/certs';

/** What this machine trusts, and where it gets packages from, holds for the build as well: mounts for it, nothing of it in the image. */
export async function machineSources(folder: string): Promise<string[]> {
  const names = ['registry', 'cafile'] as const;
  const values = await Promise.all(names.map((name) => runProgram('npm', ['config', 'get', name])));
  const lines = names.flatMap((name, index) => {
    const value = values[index]?.trim() ?? '';
    const found = value === 'null' || value === 'undefined' ? '' : value;
    const used = name === 'cafile' && found === '' ? (process.env['NODE_EXTRA_CA_CERTS'] ?? '') : found;
    return used === '' ? [] : [`${name}=${used}\n`];
  });
  const npmrc = join(folder, 'npmrc');
  writeFileSync(npmrc, lines.join(''));
  return ['--volume', `${certificates}:${certificates}:ro`, '--volume', `${npmrc}:/root/.npmrc:ro`];
}
