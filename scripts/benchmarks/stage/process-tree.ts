import { readdir, readFile } from 'node:fs/promises';

/** What a process and all its descendants have used up so far, those that ended and were waited for included. */
export interface Used {
  /** User and system time. Of these `rootCpuSeconds` by the process itself. */
  cpuSeconds: number;
  rootCpuSeconds: number;
  /** Handed to the block layer, by processes that still run. */
  writtenBytes: number;
  processes: number;
}

interface Stat {
  pid: number;
  parent: number;
  ownTicks: number;
  endedChildrenTicks: number;
}

const ticksPerSecond = 100;

async function stats(): Promise<Map<number, Stat>> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(pids.map(readStat));
  return new Map(found.filter((stat) => stat !== null).map((stat) => [stat.pid, stat]));
}

async function readStat(pid: string): Promise<Stat | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => null);
  if (text === null) return null;
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const at = (index: number) => fields[index] ?? 0;
  return { pid: Number(pid), parent: at(1), ownTicks: at(11) + at(12), endedChildrenTicks: at(13) + at(14) };
}

async function tree(root: number): Promise<Stat[]> {
  const all = await stats();
  const byParent = Map.groupBy(all.values(), (stat) => stat.parent);
  const found: Stat[] = [];
  const waiting = [root];
  for (let pid = waiting.pop(); pid !== undefined; pid = waiting.pop()) {
    const stat = all.get(pid);
    if (!stat) continue;
    found.push(stat);
    waiting.push(...(byParent.get(pid) ?? []).map((child) => child.pid));
  }
  return found;
}

export async function used(root: number): Promise<Used> {
  const found = await tree(root);
  const ticks = found.reduce((sum, stat) => sum + stat.ownTicks + stat.endedChildrenTicks, 0);
  const written = await Promise.all(found.map((stat) => numberIn(`/proc/${stat.pid}/io`, 'write_bytes')));
  return {
    cpuSeconds: ticks / ticksPerSecond,
    rootCpuSeconds: (found[0]?.ownTicks ?? 0) / ticksPerSecond,
    writtenBytes: written.reduce((sum, bytes) => sum + bytes, 0),
    processes: found.length,
  };
}

/** Memory of the tree, what is shared with others counted in part (PSS), bytes. */
export async function memoryOf(root: number): Promise<{ treeBytes: number; rootBytes: number }> {
  const found = await tree(root);
  const sizes = await Promise.all(found.map((stat) => numberIn(`/proc/${stat.pid}/smaps_rollup`, 'Pss')));
  return { treeBytes: sizes.reduce((sum, kilobytes) => sum + kilobytes * 1024, 0), rootBytes: (sizes[0] ?? 0) * 1024 };
}

async function numberIn(file: string, name: string): Promise<number> {
  const text = await readFile(file, 'latin1').catch(() => '');
  return Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0);
}
