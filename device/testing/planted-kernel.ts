import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { KeptText } from '#device/hardware/kept-text.ts';
import { type KernelTree, kernelTree } from '#device/hardware/kernel-tree.ts';

/** Plain files where the kernel's would be: a fake of /sys and /dev that remembers what is written and does nothing of its own. */
export interface PlantedKernel extends AsyncDisposable {
  root: string;
  tree: KernelTree;
  text(place: string): Promise<string>;
  plant(place: string, text: string): Promise<void>;
}

export async function plantKernel(files: Readonly<Record<string, string>>): Promise<PlantedKernel> {
  const root = await mkdtemp(join(tmpdir(), 'kernel-'));
  const plant = async (place: string, text: string): Promise<void> => {
    await mkdir(dirname(join(root, place)), { recursive: true });
    await writeFile(join(root, place), text);
  };
  for (const [place, text] of Object.entries(files)) await plant(place, text);
  return {
    root,
    tree: kernelTree(root),
    text: (place) => readFile(join(root, place), 'utf8'),
    plant,
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}

/** The same without a disk, for tests on the simulated clock, which does not wait for one. */
export function kernelInMemory(files: Readonly<Record<string, string>>): { tree: KernelTree; files: Map<string, string> } {
  const kept = new Map(Object.entries(files));
  const tree: KernelTree = {
    path: (place) => place,
    read: async (place) => kept.get(place)?.trim() ?? null,
    list: async (place) => {
      const inside = [...kept.keys()].filter((name) => name.startsWith(`${place}/`));
      return [...new Set(inside.map((name) => name.slice(place.length + 1).split('/')[0] ?? ''))].sort();
    },
    write: async (place, text) => {
      if (!kept.has(place)) throw Object.assign(new Error(`no ${place}`), { code: 'ENOENT' });
      kept.set(place, text);
    },
  };
  return { tree, files: kept };
}

export function textInMemory(text: string | null = null): KeptText {
  let kept = text;
  return {
    read: async () => kept,
    write: async (next) => {
      kept = next;
    },
  };
}
