import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { silentLogger } from '#device/kernel/logger.ts';
import { noOverrides } from '#device/settings/environment-overlay.ts';
import { openSettings } from '#device/settings/settings.ts';
import { withDemo } from './demo.ts';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'demo-'));
  file = join(folder, 'settings.json');
});

afterEach(() => rm(folder, { recursive: true }));

function open() {
  return openSettings({ file, logger: silentLogger, timeZone: 'Europe/Brussels', environment: (stored) => withDemo(noOverrides, stored) });
}

describe('the demo camera', () => {
  test('is there where no other is, and the device is in the zone of its machine', async () => {
    const settings = await open();
    expect(settings.cameras()).toMatchObject([{ id: 'demo', source: { kind: 'demo' } }]);
    expect(settings.get().timeZone).toBe('Europe/Brussels');
  });

  test('is gone at once when there is another, and stays so when that is removed, also after a restart', async () => {
    const settings = await open();
    await settings.addCamera({ name: 'Yard', source: { kind: 'file', url: '/clip.mp4', loop: true } });
    expect(settings.cameras().map(({ id }) => id)).toEqual(['yard']);
    expect(settings.fixedByEnvironment()).toEqual([]);
    expect((await open()).cameras().map(({ id }) => id)).toEqual(['yard']);
    await settings.removeCamera('yard');
    expect(settings.cameras()).toEqual([]);
    expect((await open()).cameras()).toEqual([]);
  });

  test('does not hide that the settings were damaged', async () => {
    await writeFile(file, '{"version":');
    const settings = await open();
    expect(settings.notes().join(' ')).toContain('damaged');
    expect(settings.cameras()).toMatchObject([{ id: 'demo' }]);
  });
});
