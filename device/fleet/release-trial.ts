import type { Refusal, Release, ReleaseRecord, Trial, Verdict } from './release-record.ts';

/** Pure: what the record of releases becomes, given what happened. Nothing here waits, writes or asks. */

/** `steady`: the release worked before. `trial`: it must prove itself. `going-back`: it failed and waits to be replaced. */
export type Situation = 'steady' | 'trial' | 'going-back';

/** So long all must be well before a release counts as good. */
const proofMs = 60_000;
/** So long a release may take until all is well. */
export const trialMs = 300_000;
/** A release that starts more often without proving itself stops by itself; one more is the update itself. */
const mostStarts = 4;
/** Power cuts are no fault of a release, unless it is what makes the machine fall. */
const mostBoots = 8;

export function isSame(one: Release, other: Release | null | undefined): boolean {
  if (!other || !hasSameProgram(one, other)) return false;
  return one.commit === null || other.commit === null || one.commit === other.commit;
}

/** Two releases may differ in what surrounds the program alone: then only their names tell them apart. */
function hasSameProgram(one: Release, other: Release): boolean {
  return one.version === other.version && one.build === other.build;
}

export function situationOf(record: ReleaseRecord): Situation {
  if (record.trial) return 'trial';
  return record.refusal && record.verdict?.outcome === 'going-back' ? 'going-back' : 'steady';
}

interface Start {
  release: Release;
  bootId: string;
  wallMs: number;
  /** Whether this device can be given the release before. */
  canGoBack: boolean;
}

/** The program started. To be written before anything else is done: what crashes later has been counted. */
export function afterStart(record: ReleaseRecord, start: Start): ReleaseRecord {
  const { release } = start;
  if (!record.good) return { ...record, good: release };
  // What cannot be told apart yet counts as what it was: the host names it soon.
  if (situationOf(record) === 'going-back' && isSame(release, record.refusal?.release)) return record;
  if (record.trial && isSame(release, record.trial.release)) return afterAnotherStart(record, record.trial, start);
  if (isSame(release, record.good)) return afterReturn(record);
  return { ...record, refusal: null, trial: newTrial(record.good, record.cameras, start) };
}

function newTrial(from: Release, cameras: readonly string[], { release, bootId, wallMs }: Start): Trial {
  // Right after an update the host still gives the name of the release before.
  const commit = release.commit === from.commit ? null : release.commit;
  return { release: { ...release, commit }, from, cameras: [...cameras], startedWallMs: wallMs, starts: 1, boots: 1, bootId };
}

function afterAnotherStart(record: ReleaseRecord, trial: Trial, { bootId, canGoBack }: Start): ReleaseRecord {
  const isSameBoot = trial.bootId === bootId;
  const again = { ...trial, bootId, starts: isSameBoot ? trial.starts + 1 : 1, boots: isSameBoot ? trial.boots : trial.boots + 1 };
  const message = `It stopped again and again (${isSameBoot ? again.starts - 1 : again.boots - 1} times) before it had proved itself.`;
  const isTooMuch = again.starts > mostStarts || again.boots > mostBoots;
  return isTooMuch ? afterFailure({ ...record, trial: again }, message, canGoBack) : { ...record, trial: again };
}

/** The good release runs again: as always, or because a newer one was taken back, by the device or by a person. */
function afterReturn(record: ReleaseRecord): ReleaseRecord {
  const { trial, verdict } = record;
  if (trial) {
    const { from, release: to, startedWallMs } = trial;
    const message = 'The release before was put back before the new one had proved itself.';
    return { ...record, trial: null, verdict: { outcome: 'rolled-back', from, to, startedWallMs, message } };
  }
  if (verdict?.outcome !== 'going-back') return record;
  return { ...record, verdict: { ...verdict, outcome: 'rolled-back' } };
}

/** The host named the release that runs. Another name than the known one is another release, though its program is the same. */
export function afterIdentified(record: ReleaseRecord, start: Start & { release: { commit: string } }): ReleaseRecord {
  const { release } = start;
  const { trial, good, refusal } = record;
  if (trial && hasSameProgram(trial.release, release)) {
    if (trial.release.commit === release.commit) return record;
    if (release.commit !== trial.from.commit) return { ...record, trial: { ...trial, release } };
    // Once its own name is known, that of the one before says that this is the one before.
    return trial.release.commit !== null && hasSameProgram(trial.from, release) ? afterReturn(record) : record;
  }
  if (situationOf(record) === 'going-back') {
    return isSame(release, good) && !isSame(release, refusal?.release) ? afterReturn(record) : record;
  }
  if (!good || !hasSameProgram(good, release) || good.commit === release.commit) return record;
  return good.commit === null ? { ...record, good: release } : afterStart(record, start);
}

/** `away`: it is a disk of the owner's choice, and that is certainly not plugged in. `fails`: whatever else keeps it from taking recordings. */
export type StorageSight = 'takes' | 'fails' | 'away';

/** What is seen of the running release, `forMs` after it started. */
export interface Sight {
  forMs: number;
  /** Cameras that should record now or when something moves. One that was removed or switched off since is none. */
  expected: ReadonlySet<string>;
  recording: ReadonlySet<string>;
  /** Those of which pictures come. */
  pictured: ReadonlySet<string>;
  storage: StorageSight;
  isServing: boolean;
}

/** No release can record on a disk that is not there: then its pictures speak for it. */
export function missingIn(cameras: readonly string[], sight: Sight): string[] {
  const unproved = unprovedIn(cameras, sight);
  return sight.storage === 'away' ? unproved.filter((id) => !sight.pictured.has(id)) : unproved;
}

export function unprovedIn(cameras: readonly string[], sight: Sight): string[] {
  return cameras.filter((id) => sight.expected.has(id) && !sight.recording.has(id));
}

/** Those that would record if something moved. */
export function readyIn({ storage, pictured }: Pick<Sight, 'storage' | 'pictured'>): string[] {
  return storage === 'fails' ? [] : [...pictured];
}

/** `isProved`: every camera recorded; without, pictures had to do. */
export type Judgement =
  | { kind: 'wait' }
  | { kind: 'passed'; isProved: boolean }
  | { kind: 'failed'; missing: string[]; isServing: boolean };

export function judge(trial: Trial, sight: Sight): Judgement {
  const missing = missingIn(trial.cameras, sight);
  if (missing.length === 0 && sight.isServing) {
    return sight.forMs >= proofMs ? { kind: 'passed', isProved: unprovedIn(trial.cameras, sight).length === 0 } : { kind: 'wait' };
  }
  return sight.forMs >= trialMs ? { kind: 'failed', missing, isServing: sight.isServing } : { kind: 'wait' };
}

export function afterPassed(record: ReleaseRecord, message: string): ReleaseRecord {
  const { trial } = record;
  if (!trial) return record;
  return { ...record, good: trial.release, trial: null, refusal: null, verdict: verdictOf(trial, 'worked', message) };
}

/** Where there is no way back, what runs is what there is: the next release is compared with it. */
export function afterFailure(record: ReleaseRecord, message: string, canGoBack: boolean): ReleaseRecord {
  const { trial } = record;
  if (!trial) return record;
  if (!canGoBack || trial.from.commit === null) {
    return { ...record, good: trial.release, trial: null, verdict: verdictOf(trial, 'failed', message) };
  }
  const refusal: Refusal = { release: trial.release, goBackTo: trial.from, wasTracking: null, isPinned: false };
  return { ...record, trial: null, refusal, verdict: verdictOf(trial, 'going-back', message) };
}

/** It failed, could not be taken back in time (no network), and all is well meanwhile. */
export function afterRecovery(record: ReleaseRecord, message: string): ReleaseRecord {
  const { refusal, verdict } = record;
  if (!refusal || verdict?.outcome !== 'going-back') return record;
  return { ...record, good: refusal.release, refusal: null, verdict: { ...verdict, outcome: 'worked', message } };
}

function verdictOf({ from, release, startedWallMs }: Trial, outcome: Verdict['outcome'], message: string): Verdict {
  return { outcome, from, to: release, startedWallMs, message };
}
