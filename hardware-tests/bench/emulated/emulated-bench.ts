import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench, Need, PowerOn, Said } from '../bench.ts';
import { type BoxImage, boxImage, makeDisk } from './box-image.ts';
import { firstPrograms, startFiles } from './first-programs.ts';
import { debianKernel } from './kernel.ts';
import { freePort, Machine } from './machine.ts';

interface EmulatedOptions {
  projectRoot: string;
  /** Further drivers of the kernel, with parameters: what stands in for hardware. */
  drivers?: readonly string[];
  memoryMegabytes?: number;
  /** Files that the container finds in /bench. */
  files?: Readonly<Record<string, string>>;
}

const defaultDataMegabytes = 4_096;

/** The image itself on a computer that is a program: Debian's kernel, the container's own file system, virtual disks and network. */
export class EmulatedBench implements Bench {
  readonly name = 'emulated (QEMU, x86-64 by translation)';
  readonly emulated = [
    'board: QEMU q35 with two translated x86-64 cores in place of a Raspberry Pi',
    'operating system: Debian’s kernel and forty lines of shell in place of balenaOS and its container engine',
    'card: a file with ext4 in place of an SD card; what was handed to it survives a cut',
    'network: QEMU’s own in place of Ethernet or Wi-Fi',
  ];
  readonly url: string;
  readonly owner = { username: 'bench', password: 'a bench under a tree' };
  readonly #parts: Parts;
  readonly #options: EmulatedOptions;
  #machine: Machine | null = null;
  #starts = 0;

  private constructor(parts: Parts, options: EmulatedOptions) {
    this.#parts = parts;
    this.#options = options;
    this.url = `http://127.0.0.1:${parts.port}`;
  }

  /** Needs what `scripts/image build` has made; takes Debian's kernel from its packages. */
  static async open(options: EmulatedOptions): Promise<EmulatedBench> {
    const kept = join(options.projectRoot, 'build/bench');
    mkdirSync(kept, { recursive: true });
    const kernel = await debianKernel(join(kept, 'kernel'));
    const image = await boxImage(options.projectRoot, kept);
    const first = await firstPrograms(kernel, options.drivers ?? []);
    const folder = mkdtempSync(join(tmpdir(), 'bench-'));
    return new EmulatedBench({ image, kernel: kernel.image, first, port: await freePort(), folder }, options);
  }

  lacks(_need: Need): string | null {
    return null;
  }

  async powerOn(how: PowerOn): Promise<void> {
    const { image, folder, first, kernel, port } = this.#parts;
    const dataDisk = join(folder, 'data.ext4');
    if (how.data === 'fresh') await makeDisk(dataDisk, { megabytes: how.dataMegabytes ?? defaultDataMegabytes });
    this.#starts += 1;
    const initrd = join(folder, 'first-programs.gz');
    const files = await startFiles({
      'container.sh': startLines(image, { BALENA: '1', ...how.environment }),
      mounted: `${how.mounted ?? 'writable'}\n`,
      ...Object.fromEntries(Object.entries(this.#options.files ?? {}).map(([name, copyOf]) => [name, { copyOf }])),
    });
    writeFileSync(initrd, Buffer.concat([first, files]));
    const consoleFile = join(this.#options.projectRoot, 'build/bench/console.log');
    writeFileSync(consoleFile, '');
    this.#machine = new Machine({
      kernel,
      firstPrograms: initrd,
      boxDisk: image.disk,
      dataDisk,
      portalPort: port,
      talkSocket: join(folder, `talk-${this.#starts}`),
      consoleFile,
      memoryMegabytes: this.#options.memoryMegabytes ?? 1_024,
    });
  }

  async cutPower(): Promise<void> {
    await this.#machine?.cutPower();
    this.#machine = null;
  }

  run(program: string, ...args: string[]): Promise<Said> {
    if (!this.#machine) throw new Error('the machine has no power');
    const command = [program, ...args].map(quoted).join(' ');
    const path = this.#parts.image.environment['PATH'] ?? '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
    return this.#machine.ask(
      `nsenter -t "$(pidof tini | cut -d ' ' -f 1)" -m -p chroot /box /usr/bin/env ${quoted(`PATH=${path}`)} ${command}`,
    );
  }

  async mendVolume(): Promise<void> {
    // The next container gets what is outside of this one, and this one has a view of its own.
    const outside = await this.#machine?.ask('mount -o remount,rw /box/data');
    const inside = await this.run('mount', '-o', 'remount,rw', '/data');
    if (outside?.status !== 0 || inside.status !== 0) throw new Error(`the volume cannot be mended: ${outside?.output} ${inside.output}`);
  }

  console(): string {
    return this.#machine?.console() ?? '';
  }

  async close(): Promise<void> {
    await this.cutPower();
    rmSync(this.#parts.folder, { recursive: true, force: true });
  }
}

interface Parts {
  image: BoxImage;
  kernel: string;
  first: Buffer;
  port: number;
  folder: string;
}

/** What a container engine makes of the image's settings and those of the compose file. */
function startLines(image: BoxImage, further: Readonly<Record<string, string>>): string {
  const variables = Object.entries({ ...image.environment, ...further }).map(([name, value]) => quoted(`${name}=${value}`));
  const command = image.command.map(quoted);
  return `#!/bin/sh\nmount -t proc proc /proc\ncd ${quoted(image.directory)}\nexec env -i ${[...variables, ...command].join(' ')}\n`;
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
