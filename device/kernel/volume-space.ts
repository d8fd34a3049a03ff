import { statfs } from 'node:fs/promises';

/** Free and whole size of the volume that holds `path`. */
export async function volumeOf(path: string): Promise<{ freeBytes: number; totalBytes: number }> {
  const { bavail, blocks, bsize } = await statfs(path);
  return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
}
