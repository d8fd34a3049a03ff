import * as nodeFileSystem from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AtomicFileSystem, writeFileAtomically } from '#device/kernel/atomic-file.ts';
import { silentLogger } from '#device/kernel/logger.ts';
import { failingAtCall } from '#device/testing/failing-file-system.ts';
import { type Migration, migrate } from './migrations.ts';
import { freshSettings, type SettingsFile } from './schema.ts';
import { openSettings } from './settings.ts';
import { loadSettingsFile, type SettingsFormat } from './settings-file.ts';

/** A release that is ahead: its settings have what today's have not. */
const steps: Migration[] = [{ from: 1, migrate: (settings) => ({ ...settings, release: '9.0.0', lights: 'on' }) }];
const ahead: SettingsFormat = {
  version: 2,
  parse: (text) => {
    const { settings, from } = migrate(JSON.parse(text), steps, 2);
    return { settings: settings as unknown as SettingsFile, from };
  },
};

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await nodeFileSystem.mkdtemp(join(tmpdir(), 'settings-versions-'));
  file = join(folder, 'settings.json');
});

afterEach(() => nodeFileSystem.rm(folder, { recursive: true }));

async function openToday(): ReturnType<typeof openSettings> {
  return openSettings({ file, logger: silentLogger, timeZone: 'Europe/Brussels', release: '1.0.0' });
}

async function nameToday(name: string): Promise<void> {
  await (await openToday()).change({ deviceName: name });
}

/** The release ahead starts; with `fileSystem` the power may fail on the way. */
async function openAhead(fileSystem?: AtomicFileSystem): Promise<unknown> {
  const { settings, needsSaving } = await loadSettingsFile(file, silentLogger, { format: ahead, ...(fileSystem ? { fileSystem } : {}) });
  if (needsSaving) await writeFileAtomically(file, JSON.stringify(settings), fileSystem ? { fileSystem } : {});
  return settings;
}

describe('settings that a newer release changed', () => {
  test('are brought forward, with what was there kept beside them', async () => {
    await nameToday('Barn');
    expect(await openAhead()).toMatchObject({ version: 2, lights: 'on', device: { deviceName: 'Barn' } });
    expect(JSON.parse(await nodeFileSystem.readFile(`${file}.v1`, 'utf8'))).toMatchObject({ release: '1.0.0', version: 1 });
    expect((await nodeFileSystem.stat(`${file}.v1`)).mode & 0o777).toBe(0o600);
  });

  test('give way to those from before when the older release runs again, and say so', async () => {
    await nameToday('Barn');
    await openAhead();
    const settings = await openToday();
    expect(settings.get().deviceName).toBe('Barn');
    expect(settings.restored()).toContain('release 9.0.0');
    expect(settings.notes()).toHaveLength(1);
    expect(JSON.parse(await nodeFileSystem.readFile(`${file}.v2`, 'utf8'))).toMatchObject({ version: 2, lights: 'on' });
    expect((await openToday()).restored()).toBeNull();
  });

  test('go forth again with what was chosen last under the older release', async () => {
    await nameToday('Barn');
    await openAhead();
    await nameToday('Stable');
    expect(await openAhead()).toMatchObject({ device: { deviceName: 'Stable' } });
    expect((await openToday()).get().deviceName).toBe('Stable');
  });

  test('survive a power cut at every step forth and back', async () => {
    await nameToday('Barn');
    let steps = 0;
    for (let call = 1; ; call += 1) {
      const { fileSystem, hasFailed } = failingAtCall<AtomicFileSystem>(nodeFileSystem, call);
      await openAhead(fileSystem).catch(() => {});
      if (!hasFailed()) break;
      steps = call;
      expect((await openToday()).get().deviceName).toBe('Barn');
    }
    expect(steps).toBeGreaterThanOrEqual(6);
    for (let call = 1; ; call += 1) {
      const { fileSystem, hasFailed } = failingAtCall<AtomicFileSystem>(nodeFileSystem, call);
      await loadSettingsFile(file, silentLogger, { fileSystem }).catch(() => {});
      if (!hasFailed()) break;
      expect(await openAhead()).toMatchObject({ version: 2, device: { deviceName: 'Barn' } });
    }
    expect((await openToday()).get().deviceName).toBe('Barn');
  });

  test('are found in the last good copy alone when the file is torn', async () => {
    await nameToday('Barn');
    await openAhead();
    await nodeFileSystem.copyFile(file, `${file}.previous`);
    await nodeFileSystem.writeFile(file, '{ torn');
    expect((await openToday()).get().deviceName).toBe('Barn');
  });

  test('are refused and left as they are when there are none from before', async () => {
    await nodeFileSystem.writeFile(file, JSON.stringify({ ...freshSettings('UTC'), version: 2 }));
    await expect(openToday()).rejects.toMatchObject({ kind: 'conflict' });
    expect(JSON.parse(await nodeFileSystem.readFile(file, 'utf8'))).toMatchObject({ version: 2 });
  });
});
