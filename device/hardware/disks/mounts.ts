import type { KernelTree } from '../kernel-tree.ts';

/** `useless`: mounted still, but its device was pulled out, or an error made the kernel refuse to write to it. */
export type Mounted = 'alive' | 'useless' | null;

export interface Mounts {
  at(place: string): Promise<Mounted>;
  /** Another text whenever a disk came or went. */
  devices(): Promise<string>;
}

export function kernelMounts(tree: KernelTree): Mounts {
  return {
    at: async (place) => {
      const mounted = mountedAt(place, (await tree.read('proc/self/mountinfo')) ?? '');
      if (mounted === null) return null;
      const isPluggedIn = (await tree.read(`sys/dev/block/${mounted.device}/dev`)) === mounted.device;
      return isPluggedIn && !mounted.isReadOnly ? 'alive' : 'useless';
    },
    devices: async () => (await tree.list('sys/class/block')).join(' '),
  };
}

/** What was mounted there last, as proc(5) says: its device, e.g. `8:1`, and whether the file system takes anything. */
function mountedAt(place: string, mountinfo: string): { device: string; isReadOnly: boolean } | null {
  const lines = mountinfo.split('\n').map((line) => line.split(' '));
  const found = lines.findLast(([, , , , point]) => point !== undefined && unescaped(point) === place);
  const device = found?.[2];
  if (!found || device === undefined) return null;
  const [, , superOptions = ''] = found.slice(found.indexOf('-') + 1);
  return { device, isReadOnly: superOptions.split(',').includes('ro') };
}

function unescaped(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_all, code: string) => String.fromCharCode(Number.parseInt(code, 8)));
}
