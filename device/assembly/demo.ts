import { silentLogger } from '#device/kernel/logger.ts';
import type { Environment } from '#device/settings/environment.ts';
import { openSettings } from '#device/settings/settings.ts';

const origin = 'the demo (start with --no-demo to leave it out)';

/** Where there is no camera at all, one that makes its own scene. It is never saved, so that it is gone once there is a real one. */
export async function withDemo(environment: Environment, settingsFile: string): Promise<Environment> {
  if (environment.cameras.length > 0) return environment;
  const settings = await openSettings({ file: settingsFile, logger: silentLogger });
  if (settings.cameras().length > 0) return environment;
  const fixedBy = new Map([...environment.fixedBy, ['cameras.demo.name', origin], ['cameras.demo.source', origin]] as const);
  return { ...environment, cameras: [{ name: 'Demo', source: { kind: 'demo' } }], fixedBy };
}
