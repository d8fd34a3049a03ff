import type { HealthCheck } from '#device/contract/contract.ts';
import type { HealthSource } from '#device/health/health.ts';
import type { Recordings } from '#device/recordings/recordings.ts';
import type { Loss } from './losses.ts';

interface Findings {
  losses: readonly Loss[];
  restorations: readonly Loss[];
}

/** Whether the storage takes recordings, and what was put right at the start. */
export function storageHealth(
  recordings: Pick<Recordings, 'problem' | 'alarm' | 'startFindings'>,
  { losses, restorations }: Findings,
): HealthSource {
  return {
    name: 'recordings',
    checks: () => [writingCheck(recordings), repairCheck(recordings), ...losses.map(lossCheck), ...restorations.map(restorationCheck)],
  };
}

function writingCheck({ problem, alarm }: Pick<Recordings, 'problem' | 'alarm'>): HealthCheck {
  const id = 'recordings.writing';
  if (!problem) return { id, level: 'ok', message: 'The storage takes recordings.' };
  if (!alarm) return { id, level: 'note', message: problem.message };
  return { id, level: 'failed', message: problem.message, action: problem.action ?? 'Check the disk with the recordings.' };
}

function repairCheck({ startFindings, problem, alarm }: Pick<Recordings, 'problem' | 'alarm' | 'startFindings'>): HealthCheck {
  const id = 'recordings.repair';
  if (problem && !alarm) return { id, level: 'note', message: 'Whether index and recordings agree is not known yet.' };
  const value = startFindings.length;
  if (value === 0) return { id, level: 'ok', message: 'Index and recordings agreed at the start.', value };
  return { id, level: 'ok', message: `${value} recordings were put right after the last sudden stop.`, value };
}

function lossCheck(loss: Loss, index: number): HealthCheck {
  return { id: `storage.loss-${index + 1}`, level: 'warning', ...loss };
}

function restorationCheck(restoration: Loss, index: number): HealthCheck {
  return { id: `storage.restored-${index + 1}`, level: 'note', ...restoration };
}
