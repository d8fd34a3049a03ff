import type { Camera, HealthCheck } from '#device/contract/contract.ts';
import type { HealthSource } from '#device/health/health.ts';

/** One check a camera, and a note for each thing worth knowing about it. */
export function cameraHealth(cameras: () => readonly Camera[]): HealthSource {
  return {
    name: 'cameras',
    checks: () => {
      const list = cameras();
      if (list.length > 0) return list.flatMap(checksOf);
      return [{ id: 'cameras.none', level: 'note', message: 'There is no camera yet.', action: 'Add one under Cameras.' }];
    },
  };
}

function checksOf(camera: Camera): HealthCheck[] {
  const notes = camera.status.notes.map(
    (message, index): HealthCheck => ({
      id: `camera.${camera.id}.note-${index + 1}`,
      level: 'note',
      message: `${camera.name}: ${message}`,
    }),
  );
  return [frameCheck(camera), ...notes];
}

function frameCheck({ id, name, status }: Camera): HealthCheck {
  const checkId = `camera.${id}.frames`;
  if (status.state === 'disabled') return { id: checkId, level: 'ok', message: `${name} is switched off.` };
  if (status.state === 'connecting') return { id: checkId, level: 'note', message: `${name} is being connected.` };
  if (status.state === 'offline') {
    const message = status.problem ? `${name} is offline: ${status.problem.message}` : `${name} is offline.`;
    return { id: checkId, level: 'failed', message, action: status.problem?.action ?? 'Check its power and its network.' };
  }
  const ageMs = status.lastFrameAgeMs ?? 0;
  return { id: checkId, level: 'ok', message: `${name} delivers; its newest frame is ${ageMs} ms old.`, value: ageMs, unit: 'ms' };
}
