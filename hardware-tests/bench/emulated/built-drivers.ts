import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ownBoard } from './board.ts';
import { DebianPackages } from './debian-packages.ts';
import type { Kernel } from './kernel.ts';
import { runProgram } from './program.ts';

/** Drivers that Debian's kernel comes without, made of Debian's own source for it: simulated pins and simulated lights. */
export const builtDrivers = ['gpio-sim', 'uleds'] as const;

const sources = ['drivers/gpio/gpio-sim.c', 'drivers/gpio/gpiolib.h', 'drivers/leds/uleds.c', 'kernel/irq/irq_sim.c'];

/** One module holds the pins and the interrupts that they cause: the kernel is built without the latter, too. */
const makefile = ['obj-m += gpio-sim.o uleds.o', 'gpio-sim-y := simulated-pins.o simulated-interrupts.o', 'ccflags-y += -I$(src)', ''].join(
  '\n',
);

/** Builds them beside the kernel's own drivers, once. Answers why not, where that is not possible; null when they are there. */
export async function addBuiltDrivers(folder: string, kernel: Kernel): Promise<string | null> {
  const modules = join(kernel.root, 'lib/modules', kernel.version, 'updates');
  if (builtDrivers.every((name) => existsSync(join(modules, `${name}.ko`)))) return null;
  try {
    const headers = await unpackHeaders(folder, kernel.version);
    const work = await unpackSources(folder);
    await runProgram('make', ['-s', '-C', headers, `M=${work}`, 'modules']);
    mkdirSync(modules, { recursive: true });
    for (const name of builtDrivers) copyFileSync(join(work, `${name}.ko`), join(modules, `${name}.ko`));
    await runProgram('depmod', ['-b', kernel.root, kernel.version]);
    return null;
  } catch (error) {
    return `the kernel's simulated pins and lights cannot be built here: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Nothing is installed: the packages lie in `folder`, and what in them names the place they would be installed to is told this one. */
async function unpackHeaders(folder: string, version: string): Promise<string> {
  const root = join(folder, 'root');
  const headers = join(root, 'usr/src', `linux-headers-${version}`);
  rmSync(folder, { recursive: true, force: true });
  const common = `linux-headers-${version.replace(/-[^-]+$/, '-common')}`;
  const line = version.split('.').slice(0, 2).join('.');
  const packages = await DebianPackages.of(ownBoard.architecture, folder);
  await packages.unpack([`linux-headers-${version}`, common, `linux-kbuild-${line}`, `linux-source-${line}`], folder, root);
  const start = join(headers, 'Makefile');
  writeFileSync(start, readFileSync(start, 'utf8').replaceAll('/usr/src/', `${join(root, 'usr/src')}/`));
  return headers;
}

async function unpackSources(folder: string): Promise<string> {
  const packed = join(folder, 'root/usr/src');
  const archive = readdirSync(packed).find((name) => /^linux-source-[\d.]+\.tar\.xz$/.test(name));
  if (archive === undefined) throw new Error('Debian’s kernel source is not in its package');
  const top = archive.replace('.tar.xz', '');
  const work = join(folder, 'work');
  mkdirSync(work);
  const names = sources.map((name) => `${top}/${name}`);
  await runProgram('tar', ['-xJf', join(packed, archive), '-C', work, '--strip-components=3', '--no-anchored', ...names]);
  rmSync(join(packed, archive));
  copyFileSync(join(work, 'gpio-sim.c'), join(work, 'simulated-pins.c'));
  // The short way to an interrupt's handler is open to the kernel's own parts only.
  const interrupts = readFileSync(join(work, 'irq_sim.c'), 'utf8');
  const shortWay = 'handle_simple_irq(irq_to_desc(irqnum))';
  if (!interrupts.includes(shortWay)) throw new Error('the source of the simulated interrupts is not the known one');
  writeFileSync(join(work, 'simulated-interrupts.c'), interrupts.replace(shortWay, 'generic_handle_irq(irqnum)'));
  writeFileSync(join(work, 'Makefile'), makefile);
  return work;
}
