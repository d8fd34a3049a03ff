import { describe, expect, test } from 'vitest';
import { emptyRecord, type Release, type ReleaseRecord } from './release-record.ts';
import { afterFailure, afterIdentified, afterPassed, afterRecovery, afterStart, judge, type Sight, situationOf } from './release-trial.ts';

const old: Release = { version: '1.0.0', build: 'a', commit: 'old' };
const next: Release = { version: '1.1.0', build: 'b', commit: null };
const newer: Release = { version: '1.2.0', build: 'c', commit: null };
const settled: ReleaseRecord = { ...emptyRecord, good: old, cameras: ['front', 'yard'] };

function start(record: ReleaseRecord, release: Release, { bootId = 'boot-1', canGoBack = true } = {}): ReleaseRecord {
  return afterStart(record, { release, bootId, wallMs: 0, canGoBack });
}

function named(record: ReleaseRecord, release: Release, commit: string): ReleaseRecord {
  return afterIdentified(record, { release: { ...release, commit }, bootId: 'boot-1', wallMs: 0, canGoBack: true });
}

function trialOf(record: ReleaseRecord) {
  if (!record.trial) throw new Error('there is no trial');
  return record.trial;
}

function sight(seconds: number, recording: string[], more: Partial<Sight> = {}): Sight {
  const both = new Set(['front', 'yard']);
  return {
    ...{ forMs: seconds * 1000, expected: both, recording: new Set(recording), pictured: both },
    ...{ storage: 'takes', isServing: true, ...more },
  };
}

describe('a release that starts', () => {
  test('is taken for good when there was none before', () => {
    const record = start(emptyRecord, old);
    expect(record.good).toEqual(old);
    expect(situationOf(record)).toBe('steady');
  });

  test('goes on as before when it is the one that worked', () => {
    expect(start(settled, { ...old, commit: null })).toEqual(settled);
  });

  test('is on trial when it is another, against the cameras that recorded before', () => {
    const record = start(settled, next);
    expect(situationOf(record)).toBe('trial');
    expect(trialOf(record)).toMatchObject({ from: old, release: next, cameras: ['front', 'yard'], starts: 1 });
  });

  test('learns its name from the host, but not the name of the one before', () => {
    const record = start(settled, next);
    expect(named(record, next, 'old')).toEqual(record);
    expect(trialOf(named(record, next, 'new')).release.commit).toBe('new');
  });

  test('with the same program but another name is on trial as soon as it is named', () => {
    const rebuilt = { ...old, commit: null };
    const record = start(settled, rebuilt);
    expect(situationOf(record)).toBe('steady');
    const known = named(record, rebuilt, 'rebuilt');
    expect(trialOf(known)).toMatchObject({ from: old, release: { commit: 'rebuilt' } });
    // Started again before it is named, it is still the one on trial; the old name then says that the old one is back.
    const again = start(known, rebuilt);
    expect(trialOf(again).starts).toBe(2);
    expect(named(again, rebuilt, 'old')).toMatchObject({ trial: null, verdict: { outcome: 'rolled-back' } });
  });

  test('that was never named gets its name later, without a trial', () => {
    const unnamed = { ...settled, good: { ...old, commit: null } };
    expect(named(unnamed, old, 'old')).toEqual(settled);
  });
});

describe('a trial', () => {
  test('waits until every camera records and all has been well for a minute', () => {
    const trial = trialOf(start(settled, next));
    expect(judge(trial, sight(59, ['front', 'yard'])).kind).toBe('wait');
    expect(judge(trial, sight(60, ['front'])).kind).toBe('wait');
    expect(judge(trial, sight(60, ['front', 'yard'])).kind).toBe('passed');
    expect(judge(trial, sight(60, ['front', 'yard'], { isServing: false })).kind).toBe('wait');
  });

  test('fails after five minutes and names the cameras that do not record', () => {
    const trial = trialOf(start(settled, next));
    expect(judge(trial, sight(299, ['front'])).kind).toBe('wait');
    expect(judge(trial, sight(300, ['front']))).toEqual({ kind: 'failed', missing: ['yard'], isServing: true });
  });

  test('asks for pictures alone while the disk with the recordings is away, and knows that nothing is proved', () => {
    const trial = trialOf(start(settled, next));
    const isAway = { storage: 'away' as const, pictured: new Set(['front']) };
    expect(judge(trial, sight(60, ['front', 'yard'], isAway))).toEqual({ kind: 'passed', isProved: true });
    expect(judge(trial, sight(60, ['yard'], isAway))).toEqual({ kind: 'passed', isProved: false });
    expect(judge(trial, sight(300, [], isAway))).toMatchObject({ kind: 'failed', missing: ['yard'] });
    expect(judge(trial, sight(300, [], { storage: 'fails' }))).toMatchObject({ kind: 'failed', missing: ['front', 'yard'] });
  });

  test('does not hold a camera against it that was removed or switched off', () => {
    const trial = trialOf(start(settled, next));
    expect(judge(trial, sight(60, ['front'], { expected: new Set(['front']) })).kind).toBe('passed');
  });

  test('without cameras asks only that the portal answers', () => {
    const trial = trialOf(start({ ...settled, cameras: [] }, next));
    expect(judge(trial, sight(60, [])).kind).toBe('passed');
    expect(judge(trial, sight(300, [], { isServing: false })).kind).toBe('failed');
  });

  test('that passes makes the release the good one', () => {
    const record = afterPassed(named(start(settled, next), next, 'new'), 'It records.');
    expect(record).toMatchObject({ good: { version: '1.1.0', commit: 'new' }, trial: null, verdict: { outcome: 'worked' } });
  });

  test('is given up when the program stops again and again', () => {
    let record = start(settled, next);
    for (let count = 2; count <= 4; count += 1) record = start(record, next);
    expect(situationOf(record)).toBe('trial');
    record = start(record, next);
    expect(situationOf(record)).toBe('going-back');
    expect(record.verdict?.message).toContain('4 times');
  });

  test('is not given up for a power cut or two, but for a machine that falls again and again', () => {
    let record = start(settled, next);
    for (let boot = 2; boot <= 8; boot += 1) record = start(record, next, { bootId: `boot-${boot}` });
    expect(situationOf(record)).toBe('trial');
    expect(situationOf(start(record, next, { bootId: 'boot-9' }))).toBe('going-back');
  });
});

describe('a release that failed', () => {
  const failed = afterFailure(named(start(settled, next), next, 'new'), 'Yard does not record.', true);

  test('goes back to the one before, and stays refused when it starts again meanwhile', () => {
    expect(failed.refusal).toEqual({ release: { ...next, commit: 'new' }, goBackTo: old, wasTracking: null, isPinned: false });
    expect(start(failed, next)).toEqual(failed);
    expect(situationOf(start(failed, next))).toBe('going-back');
  });

  test('is told of when the one before runs again, which needs no trial', () => {
    const back = start(failed, { ...old, commit: null });
    expect(back).toMatchObject({ good: old, trial: null, verdict: { outcome: 'rolled-back', message: 'Yard does not record.' } });
    expect(situationOf(back)).toBe('steady');
  });

  test('does not stand in the way of a newer one', () => {
    const record = start(start(failed, old), newer);
    expect(record.refusal).toBeNull();
    expect(trialOf(record)).toMatchObject({ from: old, release: newer });
  });

  test('is tried again when it is given to the device again after the one before', () => {
    expect(situationOf(start(start(failed, old), next))).toBe('trial');
  });

  test('is good after all when all is well before it could be taken back', () => {
    const record = afterRecovery(failed, 'The network was away.');
    expect(record).toMatchObject({ good: { version: '1.1.0' }, refusal: null, verdict: { outcome: 'worked' } });
  });

  test('stays where there is no way back, and is compared with from then on', () => {
    const record = afterFailure(start(settled, next), 'Yard does not record.', false);
    expect(record).toMatchObject({ good: next, trial: null, refusal: null, verdict: { outcome: 'failed' } });
    expect(situationOf(start(record, next))).toBe('steady');
  });

  test('of the same program as the one before is told apart by its name alone', () => {
    const rebuilt = { ...old, commit: null };
    const refused = afterFailure(named(start(settled, rebuilt), rebuilt, 'rebuilt'), 'No.', true);
    const unnamed = start(refused, rebuilt);
    expect(situationOf(unnamed)).toBe('going-back');
    expect(situationOf(named(unnamed, rebuilt, 'rebuilt'))).toBe('going-back');
    expect(named(unnamed, rebuilt, 'old').verdict?.outcome).toBe('rolled-back');
  });
});
