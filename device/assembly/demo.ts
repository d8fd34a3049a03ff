import type { EnvironmentOverrides } from '#device/settings/environment-overlay.ts';
import type { StoredCameras } from '#device/settings/settings.ts';

const origin = 'the demo (start with --no-demo to leave it out)';

/**
 * Where there never was a camera, one that makes its own scene. It is never saved, goes at once when an own one is added, and does not
 * come back when that is removed: whoever had a camera knows what the device does, and wants no made-up events among their own.
 */
export function withDemo(environment: EnvironmentOverrides, stored: StoredCameras): EnvironmentOverrides {
  if (environment.cameras.length > 0 || stored.cameras.length > 0 || stored.retiredCameraIds.length > 0) return environment;
  const fixedBy = new Map([...environment.fixedBy, ['cameras.demo.name', origin], ['cameras.demo.source', origin]] as const);
  return { ...environment, cameras: [{ name: 'Demo', source: { kind: 'demo' } }], fixedBy };
}
