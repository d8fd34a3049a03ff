import { expect, test } from 'vitest';
import type { HealthCheck } from '#device/contract/contract.ts';
import { Failure } from '#device/kernel/failure.ts';
import { storageHealth } from './storage-health.ts';

const away = new Failure('storage-failed', 'The disk is not there.', { action: 'Plug it in.' });
const finding = { invariant: 2, message: 'was being written', repaired: true };
const none = { losses: [], restorations: [] };

async function checks(problem: Failure | null, alarm: Failure | null, found = 0): Promise<HealthCheck[]> {
  return storageHealth({ problem, alarm, startFindings: Array.from({ length: found }, () => finding) }, none).checks();
}

test('a storage that takes recordings is well, and what was put right at the start is told', async () => {
  expect(await checks(null, null, 2)).toMatchObject([
    { id: 'recordings.writing', level: 'ok' },
    { id: 'recordings.repair', level: 'ok', value: 2, message: expect.stringContaining('2 recordings were put right') },
  ]);
});

test('a disk that is only about to be looked at is no failure, and nothing is claimed of it', async () => {
  expect(await checks(away, null)).toMatchObject([
    { id: 'recordings.writing', level: 'note', message: 'The disk is not there.' },
    { id: 'recordings.repair', level: 'note' },
  ]);
});

test('a storage that takes nothing has failed, with what to do', async () => {
  expect((await checks(away, away))[0]).toMatchObject({ level: 'failed', message: 'The disk is not there.', action: 'Plug it in.' });
});
