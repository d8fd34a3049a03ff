import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from './program.ts';

export interface Kernel {
  version: string;
  image: string;
  /** Holds lib/modules. */
  root: string;
}

/** Debian's own kernel, unpacked into `folder`; nothing is installed on this machine. */
export async function debianKernel(folder: string): Promise<Kernel> {
  const root = join(folder, 'root');
  if (!existsSync(join(root, 'boot'))) {
    mkdirSync(folder, { recursive: true });
    const depends = await runProgram('apt-cache', ['depends', 'linux-image-amd64']);
    const name = /Depends: (linux-image-\S+)/.exec(depends)?.[1];
    if (name === undefined) throw new Error('Debian offers no kernel here: run apt-get update.');
    await runProgram('apt-get', ['download', name], { cwd: folder });
    const archive = readdirSync(folder).find((file) => file.endsWith('.deb'));
    await runProgram('dpkg', ['-x', archive ?? '', root], { cwd: folder });
  }
  const version = readdirSync(join(root, 'lib/modules'))[0] ?? '';
  if (!existsSync(join(root, 'lib/modules', version, 'modules.dep'))) await runProgram('depmod', ['-b', root, version]);
  return { version, image: join(root, 'boot', `vmlinuz-${version}`), root };
}

/** The files to load for these drivers, in order, each with its parameters, as `insmod` takes them. */
export async function moduleFiles(kernel: Kernel, drivers: readonly string[]): Promise<{ file: string; parameters: string }[]> {
  const found = new Map<string, string>();
  for (const driver of drivers) {
    const [name = '', ...parameters] = driver.split(' ');
    const lines = await runProgram('modprobe', ['-d', kernel.root, '-S', kernel.version, '--show-depends', name]);
    for (const [, file = ''] of lines.matchAll(/^insmod (\S+)/gm)) {
      const isDriver = file.includes(`/${name}.ko`) || file.includes(`/${name.replaceAll('_', '-')}.ko`);
      found.set(file, isDriver ? parameters.join(' ') : (found.get(file) ?? ''));
    }
  }
  return [...found].map(([file, parameters]) => ({ file, parameters }));
}
