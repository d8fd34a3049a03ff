import type { CameraConfig, CameraSource } from '#device/contract/contract.ts';

/** What must happen so that what runs becomes what is configured. */
export type CameraStep =
  | { step: 'start'; camera: CameraConfig }
  | { step: 'stop'; cameraId: string }
  /** The stream must be opened anew. */
  | { step: 'reopen'; camera: CameraConfig }
  /** Nothing is interrupted. */
  | { step: 'apply'; camera: CameraConfig };

/** Compares what runs with what is configured. A camera without a step is left alone. */
export function cameraSteps(running: readonly CameraConfig[], configured: readonly CameraConfig[]): CameraStep[] {
  const steps: CameraStep[] = [];
  for (const camera of running) {
    if (!configured.some((other) => other.id === camera.id)) steps.push({ step: 'stop', cameraId: camera.id });
  }
  for (const camera of configured) {
    const before = running.find((other) => other.id === camera.id);
    if (!before) steps.push({ step: 'start', camera });
    else if (openingOf(before) !== openingOf(camera)) steps.push({ step: 'reopen', camera });
    else if (JSON.stringify(before) !== JSON.stringify(camera)) steps.push({ step: 'apply', camera });
  }
  return steps;
}

/** Everything that the capture session was opened with, comparable. */
function openingOf(camera: CameraConfig): string {
  return JSON.stringify([camera.enabled, openedSource(camera.source), camera.recording.audio, camera.motion.enabled]);
}

/** The controls of a USB camera are set while it runs. */
function openedSource(source: CameraSource): CameraSource {
  if (source.kind !== 'usb') return source;
  const { controls: _controls, ...opened } = source;
  return opened;
}
