import type { KernelTree } from '../kernel-tree.ts';

/** `gone`: mounted still, but its device was pulled out. */
export type Mounted = 'alive' | 'gone' | null;

export interface Mounts {
  at(place: string): Promise<Mounted>;
}

export function kernelMounts(tree: KernelTree): Mounts {
  return {
    at: async (place) => {
      const number = deviceMountedAt(place, (await tree.read('proc/self/mountinfo')) ?? '');
      if (number === null) return null;
      return (await tree.read(`sys/dev/block/${number}/dev`)) === number ? 'alive' : 'gone';
    },
  };
}

/** `8:1` of what was mounted there last, as proc(5) says; null when nothing is. */
export function deviceMountedAt(place: string, mountinfo: string): string | null {
  const lines = mountinfo.split('\n').map((line) => line.split(' '));
  return lines.findLast(([, , , , point]) => point !== undefined && unescaped(point) === place)?.[2] ?? null;
}

function unescaped(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_all, code: string) => String.fromCharCode(Number.parseInt(code, 8)));
}
