import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Kernel, moduleFiles } from './kernel.ts';
import { runProgram } from './program.ts';

/** What the machine cannot be started without, whatever is tested on it. */
const machineDrivers = ['virtio_pci', 'virtio_blk', 'virtio_net', 'virtio_console', 'ext4'];

/** The archive that the kernel starts from: busybox, drivers (those of the surroundings wait for host.sh), and the lines that stand for the operating system. */
export async function firstPrograms(kernel: Kernel, drivers: readonly string[], laterDrivers: readonly string[]): Promise<Buffer> {
  const modules = await moduleFiles(kernel, [...machineDrivers, ...drivers]);
  const later = (await moduleFiles(kernel, laterDrivers)).filter(({ file }) => modules.every((module) => module.file !== file));
  return packed((folder) => {
    for (const name of ['bin', 'dev', 'proc', 'sys', 'run', 'box', 'host', 'modules']) mkdirSync(join(folder, name));
    copyFileSync(kernel.busybox, join(folder, 'bin/busybox'));
    symlinkSync('busybox', join(folder, 'bin/sh'));
    for (const { file } of [...modules, ...later]) copyFileSync(file, join(folder, 'modules', basename(file)));
    writeFileSync(join(folder, 'modules.list'), listOf(modules));
    writeFileSync(join(folder, 'host-modules.list'), listOf(later));
    copyFileSync(join(import.meta.dirname, 'init.sh'), join(folder, 'init'));
    chmodSync(join(folder, 'init'), 0o755);
  });
}

/** As init.sh and host.sh read it. */
function listOf(modules: readonly { file: string; parameters: string }[]): string {
  return modules.map(({ file, parameters }) => `${`/modules/${basename(file)} ${parameters}`.trim()}\n`).join('');
}

/** A further archive with files for one start, found in /bench; the kernel unpacks one after the other. */
export function startFiles(files: Readonly<Record<string, string | { copyOf: string }>>): Promise<Buffer> {
  return packed((folder) => {
    mkdirSync(join(folder, 'bench'));
    for (const [name, content] of Object.entries(files)) {
      const path = join(folder, 'bench', name);
      writeFileSync(path, typeof content === 'string' ? content : readFileSync(content.copyOf), { mode: 0o755 });
    }
  });
}

async function packed(fill: (folder: string) => void): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'first-programs-'));
  const archive = join(folder, '..', `${basename(folder)}.cpio`);
  try {
    fill(folder);
    const names = await runProgram('find', ['.', '-print0'], { cwd: folder });
    await runProgram('cpio', ['--null', '--create', '--format=newc', '--quiet', '--owner=0:0', `--file=${archive}`], {
      cwd: folder,
      input: names,
    });
    return gzipSync(readFileSync(archive), { level: 1 });
  } finally {
    rmSync(folder, { recursive: true, force: true });
    rmSync(archive, { force: true });
  }
}
