import type { CameraConfig } from '#device/contract/contract.ts';
import type { EnvironmentOverrides } from '#device/settings/environment-overlay.ts';

const origin = 'the demo (start with --no-demo to leave it out)';

/** Where there is no camera at all, one that makes its own scene. It is never saved, so that it is gone once there is a real one. */
export function withDemo(environment: EnvironmentOverrides, storedCameras: readonly CameraConfig[]): EnvironmentOverrides {
  if (environment.cameras.length > 0 || storedCameras.length > 0) return environment;
  const fixedBy = new Map([...environment.fixedBy, ['cameras.demo.name', origin], ['cameras.demo.source', origin]] as const);
  return { ...environment, cameras: [{ name: 'Demo', source: { kind: 'demo' } }], fixedBy };
}
