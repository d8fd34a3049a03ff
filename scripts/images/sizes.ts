import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

interface SizeRow {
  what: string;
  bytes: number;
}

/** What the image weighs unpacked, told by what it is for. */
export function sizesOf(root: string, place: string): SizeRow[] {
  const modules = join(place, 'node_modules');
  const parts: [string, string][] = [
    ['Node', 'usr/local/bin/node'],
    ['packages of the device', modules],
    ['device and portal', join(place, 'build')],
  ];
  const rows = parts.map(([what, path]) => ({ what, bytes: bytesOf(join(root, path)) }));
  const all = bytesOf(root);
  const rest = all - rows.reduce((sum, { bytes }) => sum + bytes, 0);
  return [...rows, { what: 'Debian, ffmpeg and its libraries', bytes: rest }, { what: 'all', bytes: all }];
}

/** Of a file or folder as the disk keeps it; a file under several names counts once. */
function bytesOf(path: string, seen = new Set<number>()): number {
  const stat = lstatSync(path);
  if (stat.isDirectory()) return readdirSync(path).reduce((sum, name) => sum + bytesOf(join(path, name), seen), 0);
  if (!stat.isFile() || seen.has(stat.ino)) return 0;
  if (stat.nlink > 1) seen.add(stat.ino);
  return stat.size;
}

export function sizeTable(rows: readonly SizeRow[]): string {
  return rows.map(({ what, bytes }) => `${(bytes / 1e6).toFixed(1).padStart(8)} MB  ${what}`).join('\n');
}
