import { join } from 'node:path';
import type { RecordingSummary } from './index-schema.ts';
import type { Part } from './model.ts';
import { finishRemoval, type Shelf } from './removal.ts';
import { examine, type Finding, repairWriting, type Stray, settle, strays } from './repair.ts';
import { reserveOf } from './retention-plan.ts';
import { volumeProblem } from './volume.ts';

export interface CheckOptions {
  repair: boolean;
  /** Reads every byte of every recording and compares checksums. */
  thorough?: boolean;
  /** Paths that a running recorder is writing. */
  inUse?: ReadonlySet<string>;
}

const ofStray: Record<Stray['kind'], { invariant: number; message: string }> = {
  'no-row': { invariant: 3, message: 'is not in the index' },
  'no-file': { invariant: 1, message: 'its file is gone' },
  'file-back': { invariant: 1, message: 'its file is back but it is not shown' },
};

/** Proves the invariants of design/storage.md that can be proved from outside; see there for what each number says. */
export async function checkRecordings(shelf: Shelf, options: CheckOptions): Promise<Finding[]> {
  const volume = await checkVolume(shelf);
  // Everything else would be judged, or even changed, on the wrong disk.
  if (volume.length > 0) return volume;
  const inUse = options.inUse ?? new Set<string>();
  const findings: Finding[] = [];
  for (const row of await shelf.index.inState('deleting')) {
    if (options.repair) await finishRemoval(shelf, row);
    findings.push({ invariant: 4, path: row.path, id: row.id, message: 'is being deleted', repaired: options.repair });
  }
  for (const row of await shelf.index.inState('writing')) {
    if (inUse.has(row.path)) findings.push(...(await checkGrowing(shelf, row)));
    else findings.push(options.repair ? await repairWriting(shelf, row) : unfinished(row));
  }
  for await (const stray of strays(shelf, inUse)) findings.push(options.repair ? await settle(shelf, stray) : describeStray(stray));
  for await (const row of shelf.index.all()) {
    if (row.state === 'closed') findings.push(...(await checkClosed(shelf, row, options)));
  }
  findings.push(...(await checkSpace(shelf)), ...(await checkTotals(shelf)));
  return findings;
}

function unfinished({ path, id }: RecordingSummary): Finding {
  return { invariant: 2, path, id, message: 'was left unfinished by an earlier run', repaired: false };
}

function describeStray(stray: Stray): Finding {
  const known = stray.kind === 'no-row' ? { path: stray.path } : { path: stray.row.path, id: stray.row.id };
  return { ...ofStray[stray.kind], ...known, repaired: false };
}

async function checkVolume(shelf: Shelf): Promise<Finding[]> {
  const expected = await shelf.index.volumeId();
  const problem = await volumeProblem(shelf, expected, false);
  return problem ? [{ invariant: 6, message: problem.message, repaired: false }] : [];
}

/** The row of a growing recording never promises more than its file holds. */
async function checkGrowing({ disk, folder }: Shelf, { path, id, sizeBytes }: RecordingSummary): Promise<Finding[]> {
  const found = await disk.sizeOf(join(folder, path));
  if (found !== null && found >= sizeBytes) return [];
  return [{ invariant: 5, path, id, message: `its row says ${sizeBytes} bytes, its file has ${found ?? 0}`, repaired: false }];
}

async function checkClosed(shelf: Shelf, row: RecordingSummary, options: CheckOptions): Promise<Finding[]> {
  const message = await faultOf(shelf, row, options.thorough === true);
  if (message === null) return [];
  if (options.repair) await repairWriting(shelf, row);
  return [{ invariant: 1, path: row.path, id: row.id, message, repaired: options.repair }];
}

async function faultOf(shelf: Shelf, row: RecordingSummary, thorough: boolean): Promise<string | null> {
  const sizeBytes = await shelf.disk.sizeOf(join(shelf.folder, row.path));
  // A missing file was found by comparing the folder with the index.
  if (sizeBytes === null) return null;
  if (sizeBytes < row.sizeBytes) return `its file has ${sizeBytes} of ${row.sizeBytes} bytes`;
  const parts = await partsOf(shelf, row.id);
  const last = parts?.at(-1);
  if (!parts || !last) return 'its list of parts is missing or damaged';
  if (last.offset + last.length !== row.sizeBytes) return 'its last part does not end where its row says';
  if (!thorough) return null;
  const found = await examine(shelf, row.path, 0);
  if (typeof found !== 'object') return 'it does not hold one whole part';
  const isSame = found.parts.length === parts.length && parts.every((part, index) => samePart(part, found.parts[index]));
  return isSame && found.validBytes === row.sizeBytes ? null : 'its parts are not those of its row';
}

async function partsOf(shelf: Shelf, id: string): Promise<Part[] | null> {
  try {
    return await shelf.index.partsOf(id);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function samePart(one: Part, other: Part | undefined): boolean {
  return (
    other !== undefined &&
    one.startMs === other.startMs &&
    one.durationMs === other.durationMs &&
    one.offset === other.offset &&
    one.length === other.length &&
    one.key === other.key
  );
}

async function checkSpace({ disk, folder }: Shelf): Promise<Finding[]> {
  const { totalBytes, freeBytes } = await disk.space(folder);
  const reserveBytes = reserveOf(totalBytes);
  if (freeBytes >= reserveBytes) return [];
  return [{ invariant: 7, message: `${freeBytes} bytes are free, less than the reserve of ${reserveBytes}`, repaired: false }];
}

/** Byte limits are kept by these sums, so they have to be true. */
async function checkTotals({ index }: Shelf): Promise<Finding[]> {
  const sums = new Map<string, number>();
  for await (const { cameraId, state, sizeBytes } of index.all()) {
    if (state === 'writing' || state === 'closed') sums.set(cameraId, (sums.get(cameraId) ?? 0) + sizeBytes);
  }
  const findings: Finding[] = [];
  for (const [cameraId, { sizeBytes }] of (await index.totals()).byCamera) {
    const sum = sums.get(cameraId) ?? 0;
    if (sum !== sizeBytes)
      findings.push({ invariant: 7, message: `${cameraId} counts ${sizeBytes} bytes, its recordings have ${sum}`, repaired: false });
  }
  return findings;
}
