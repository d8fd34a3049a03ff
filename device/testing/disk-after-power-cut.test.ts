import { describe, expect, test } from 'vitest';
import { diskAfterPowerCut, type PowerCut, unsureNames } from './disk-after-power-cut.ts';
import type { DiskOperation, DiskStep } from './write-trace.ts';

/** One after the other, each over before the next begins. */
function done(...steps: DiskStep[]): DiskOperation[] {
  return steps.map((step, index) => ({ ...step, began: index * 2 + 1, ended: index * 2 + 1, endedMs: index }));
}

const nothingUnsynced: Omit<PowerCut, 'after'> = { contentFate: () => 'lost', namesKept: 0, fileSyncKeepsName: false };
const everything: Omit<PowerCut, 'after'> = {
  contentFate: () => 'kept',
  namesKept: Number.POSITIVE_INFINITY,
  fileSyncKeepsName: false,
};

function left(operations: DiskOperation[], cut: Omit<PowerCut, 'after'>): Record<string, string> {
  const contents = diskAfterPowerCut(operations, { after: operations.length, ...cut });
  return Object.fromEntries([...contents].map(([path, bytes]) => [path, String(Buffer.from(bytes))]));
}

const write = (path: string, offset: number, text: string): DiskStep => ({ kind: 'write', path, offset, bytes: Buffer.from(text) });
const create = (path: string): DiskStep => ({ kind: 'create', path });
const sync = (path: string): DiskStep => ({ kind: 'sync', path });

describe('a disk after a power cut', () => {
  test('holds the content up to the last sync, and the name only when the folder was synced', () => {
    const named = [create('a'), write('a', 0, 'one'), sync('a'), write('a', 3, 'two')];
    expect(left(done(...named), nothingUnsynced)).toEqual({});
    expect(left(done(...named), { ...nothingUnsynced, fileSyncKeepsName: true })).toEqual({ a: 'one' });
    expect(left(done(...named, sync('')), nothingUnsynced)).toEqual({ a: 'one' });
    expect(left(done(...named), everything)).toEqual({ a: 'onetwo' });
  });

  test('has no folder that was not made sure of, and nothing in it', () => {
    const steps = done({ kind: 'make-folder', path: 'in' }, create('in/a'), write('in/a', 0, 'x'), sync('in/a'), sync('in'));
    expect(left(steps, nothingUnsynced)).toEqual({});
    expect(left([...steps, ...done(sync('')).map((step) => ({ ...step, began: 99, ended: 99 }))], nothingUnsynced)).toEqual({
      'in/a': 'x',
    });
  });

  test('holds the old or the new content after a rename, never neither', () => {
    const saved = [create('a'), write('a', 0, 'old'), sync('a'), sync('')];
    const renamed = [create('.a'), write('.a', 0, 'new'), sync('.a'), { kind: 'rename', path: '.a', to: 'a' } as const];
    expect(left(done(...saved, ...renamed), nothingUnsynced)).toEqual({ a: 'old' });
    expect(unsureNames(done(...saved, ...renamed), 8)).toBe(2);
    expect(left(done(...saved, ...renamed), { ...nothingUnsynced, namesKept: 1 })).toEqual({ a: 'old', '.a': 'new' });
    expect(left(done(...saved, ...renamed), { ...nothingUnsynced, namesKept: 2 })).toEqual({ a: 'new' });
    expect(left(done(...saved, ...renamed, sync('')), nothingUnsynced)).toEqual({ a: 'new' });
  });

  test('still has a removed file when the folder was not synced', () => {
    const steps = [create('a'), write('a', 0, 'x'), sync('a'), sync(''), { kind: 'remove', path: 'a' } as const];
    expect(left(done(...steps), nothingUnsynced)).toEqual({ a: 'x' });
    expect(left(done(...steps, sync('')), nothingUnsynced)).toEqual({});
  });

  test('is not sure of a write that went on while the sync had begun', () => {
    const steps = done(create('a'), sync(''), write('a', 0, 'x'), sync('a'));
    const overlapping = steps.map((step) => (step.kind === 'write' ? { ...step, ended: 100 } : step));
    expect(left(steps, nothingUnsynced)).toEqual({ a: 'x' });
    expect(left(overlapping, nothingUnsynced)).toEqual({ a: '' });
  });

  test('has a hole where a write before a kept one was lost, and tears at a sector', () => {
    const steps = done(create('a'), sync(''), write('a', 0, 'one'), write('a', 3, 'two'));
    expect(left(steps, { ...nothingUnsynced, contentFate: (one) => (one.ended === 5 ? 'lost' : 'kept') })).toEqual({ a: '\0\0\0two' });
    const long = done(create('a'), sync(''), write('a', 100, 'x'.repeat(2_000)));
    expect(left(long, { ...nothingUnsynced, contentFate: () => 'torn' })['a']).toHaveLength(1_024);
  });

  test('cuts and lengthens as the file was', () => {
    const steps = [create('a'), sync(''), write('a', 0, 'abcdef'), { kind: 'resize', path: 'a', length: 2 } as const];
    expect(left(done(...steps, { kind: 'resize', path: 'a', length: 4 }, sync('a')), nothingUnsynced)).toEqual({ a: 'ab\0\0' });
  });
});
