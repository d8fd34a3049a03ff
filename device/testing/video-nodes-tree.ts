import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Roots } from '#device/cameras/discovery/video-nodes.ts';

/** A folder that looks like the kernel's /sys and /dev, for what no machine of ours has: its shape is that of Linux 6.1. */
export class VideoNodesTree {
  readonly roots: Roots;
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
    this.roots = { sys: join(folder, 'sys'), dev: join(folder, 'dev') };
  }

  static async create(): Promise<VideoNodesTree> {
    const tree = new VideoNodesTree(await mkdtemp(join(tmpdir(), 'video-nodes-')));
    await mkdir(join(tree.roots.sys, 'class/video4linux'), { recursive: true });
    await mkdir(tree.roots.dev, { recursive: true });
    return tree;
  }

  /** `bus` as in `pci0000:00/0000:00:14.0/usb1/1-1/1-1.2`; pictures on the first node, metadata on the second. */
  async plugIn(
    name: string,
    bus: string,
    facts: { idVendor: string; idProduct: string; product?: string; manufacturer?: string; serial?: string },
  ) {
    const device = join(this.roots.sys, 'devices', bus);
    const interfaceFolder = join(device, `${bus.split('/').at(-1)}:1.0`);
    const label = `${facts.product ?? 'UVC Camera'}: ${facts.product ?? 'UVC'}`.slice(0, 31);
    for (const [file, text] of Object.entries(facts)) await this.#write(join(device, file), text);
    await this.#node(name, interfaceFolder, label, 0);
  }

  /** What has no USB: `devices/platform/NAME`. */
  async addPlatform(name: string, platform: string, label: string) {
    await this.#node(name, join(this.roots.sys, 'devices/platform', platform), label, 0);
  }

  async unplug(name: string) {
    await rm(join(this.roots.sys, 'class/video4linux', name), { recursive: true, force: true });
    await rm(join(this.roots.dev, name), { force: true });
  }

  async remove() {
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #node(name: string, parent: string, label: string, index: number) {
    const folder = join(parent, 'video4linux', name);
    await this.#write(join(folder, 'name'), label);
    await this.#write(join(folder, 'index'), String(index));
    await symlink(parent, join(folder, 'device'));
    await symlink(folder, join(this.roots.sys, 'class/video4linux', name));
    await this.#write(join(this.roots.dev, name), '');
  }

  async #write(file: string, text: string) {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, `${text}\n`);
  }
}
