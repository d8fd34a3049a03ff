import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Architecture, ownBoard } from './board.ts';
import { DebianPackages } from './debian-packages.ts';
import { runProgram } from './program.ts';

export interface Kernel {
  version: string;
  image: string;
  /** Holds lib/modules. */
  root: string;
  /** For its architecture, linked to nothing. */
  busybox: string;
}

/** Debian's own kernel, unpacked into `folder`; nothing is installed on this machine. */
export async function debianKernel(folder: string, architecture: Architecture): Promise<Kernel> {
  const root = join(folder, 'root');
  const isOwn = architecture === ownBoard.architecture;
  if (!existsSync(join(root, 'boot'))) {
    const packages = await DebianPackages.of(architecture, folder);
    const name = await packages.dependency(`linux-image-${architecture}`, /Depends: (linux-image-\S+)/);
    if (name === undefined) throw new Error('Debian offers no kernel here: run apt-get update.');
    await packages.unpack([name, ...(isOwn ? [] : ['busybox-static'])], folder, root);
  }
  const version = readdirSync(join(root, 'lib/modules'))[0] ?? '';
  if (!existsSync(join(root, 'lib/modules', version, 'modules.dep'))) await runProgram('depmod', ['-b', root, version]);
  return { version, image: join(root, 'boot', `vmlinuz-${version}`), root, busybox: isOwn ? '/bin/busybox' : join(root, 'bin/busybox') };
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
