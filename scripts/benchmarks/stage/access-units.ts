import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** One frame of H.264. */
export interface AccessUnit {
  key: boolean;
  /** NAL units without start codes. */
  nals: Buffer[];
}

const slice = 1;
const keySlice = 5;
const parameterSets = [7, 8];

export const nalType = (nal: Uint8Array): number => (nal[0] ?? 0) & 0x1f;
export const isPicture = (nal: Uint8Array): boolean => nalType(nal) === slice || nalType(nal) === keySlice;

/** The frames of a file in decode order, copied, never decoded. */
export async function accessUnits(file: string): Promise<AccessUnit[]> {
  const args = ['-v', 'error', '-i', file, '-map', '0:v:0', '-c', 'copy', '-bsf:v', 'h264_mp4toannexb', '-f', 'h264', '-'];
  const { stdout } = await run('ffmpeg', args, { encoding: 'buffer', maxBuffer: 1 << 30 });
  const units: AccessUnit[] = [];
  let current: AccessUnit = { key: false, nals: [] };
  let hasPicture = false;
  for (const nal of splitNals(stdout)) {
    const beginsPicture = isPicture(nal) && ((nal[1] ?? 0) & 0x80) !== 0;
    if (hasPicture && (beginsPicture || !isPicture(nal))) {
      units.push(current);
      current = { key: false, nals: [] };
      hasPicture = false;
    }
    if (isPicture(nal) || parameterSets.includes(nalType(nal))) current.nals.push(nal);
    hasPicture ||= isPicture(nal);
    current.key ||= nalType(nal) === keySlice;
  }
  if (hasPicture) units.push(current);
  return units;
}

function* splitNals(bytes: Buffer): Generator<Buffer> {
  const startCode = Buffer.from([0, 0, 1]);
  let at = bytes.indexOf(startCode);
  while (at >= 0) {
    const begin = at + 3;
    at = bytes.indexOf(startCode, begin);
    let end = at < 0 ? bytes.length : at;
    while (end > begin && bytes[end - 1] === 0) end -= 1;
    if (end > begin) yield bytes.subarray(begin, end);
  }
}
