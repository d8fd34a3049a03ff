import type { HealthCheck, LastUpdate } from '#device/contract/contract.ts';
import type { ReleaseRecord } from './release-record.ts';
import { situationOf, trialMs } from './release-trial.ts';

/** What the record of releases says to the owner. */

const minutes = Math.round(trialMs / 60_000);

const unprovedMessage =
  'Pictures come from the cameras that recorded before; that it records could not be proved, because the disk with the recordings is not there.';

export function passedMessage(cameras: number, isProved: boolean): string {
  if (!isProved) return unprovedMessage;
  if (cameras === 0) return 'It runs and its portal answers; no camera recorded before, so there was none to compare.';
  return cameras === 1
    ? 'It records from the camera that recorded before.'
    : `It records from all ${cameras} cameras that recorded before.`;
}

export function failedMessage(missing: readonly string[], isServing: boolean): string {
  if (missing.length === 0 && !isServing) return `Its portal did not answer within ${minutes} minutes.`;
  return `${listOf(missing)} recorded before and did not within ${minutes} minutes.`;
}

export function recoveredMessage(isProved: boolean): string {
  return isProved ? 'It took longer than usual, but it records from the cameras that recorded before.' : unprovedMessage;
}

function listOf(names: readonly string[]): string {
  if (names.length <= 1) return names[0] ?? 'A camera';
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

export function lastUpdateOf(record: ReleaseRecord): LastUpdate | null {
  const { trial, verdict } = record;
  if (trial) {
    return {
      outcome: 'on-trial',
      fromVersion: trial.from.version,
      toVersion: trial.release.version,
      started: instantOf(trial.startedWallMs),
      message: 'The new release is being watched until it has proved that it records.',
    };
  }
  if (!verdict) return null;
  const action = actionOf(record);
  return {
    outcome: verdict.outcome,
    fromVersion: verdict.from.version,
    toVersion: verdict.to.version,
    started: instantOf(verdict.startedWallMs),
    message: verdict.message,
    ...(action === null ? {} : { action }),
  };
}

function actionOf({ verdict, refusal }: ReleaseRecord): string | null {
  switch (verdict?.outcome) {
    case 'going-back':
      return refusal?.isPinned
        ? `Nothing: release ${verdict.from.version} comes back by itself within minutes.`
        : `Give the device a way to the internet: it asks for release ${verdict.from.version} again and again until it gets it.`;
    case 'failed':
      return `Look at these cameras; if the update is the cause, install release ${verdict.from.version} again.`;
    case 'rolled-back':
      if (refusal?.wasTracking === false) return 'This device is kept at its release by hand in the fleet: choose another one there.';
      return refusal ? 'A newer release is taken by itself. Look for an update by hand to try this one again.' : null;
    default:
      return null;
  }
}

export function releaseCheck(record: ReleaseRecord): HealthCheck {
  const id = 'fleet.release';
  const last = lastUpdateOf(record);
  if (!last) return { id, level: 'ok', message: 'This release runs since it was installed.' };
  const update = `The update from ${last.fromVersion} to ${last.toVersion}`;
  const found = { id, ...(last.action === undefined ? {} : { action: last.action }) };
  switch (last.outcome) {
    case 'on-trial':
      return { ...found, level: 'ok', message: `${update} is on trial.` };
    case 'worked':
      return { ...found, level: 'ok', message: `${update} worked. ${last.message}` };
    case 'failed':
      return { ...found, level: 'warning', message: `${update} failed. ${last.message}` };
    case 'going-back':
      return { ...found, level: 'warning', message: `${update} failed and is being taken back. ${last.message}` };
    case 'rolled-back':
      return { ...found, level: record.refusal ? 'note' : 'ok', message: `${update} was taken back. ${last.message}` };
  }
}

export function versionRefused(record: ReleaseRecord): string | null {
  return situationOf(record) === 'steady' ? (record.refusal?.release.version ?? null) : null;
}

function instantOf(wallMs: number): string {
  return new Date(wallMs).toISOString();
}
