import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { recordingSchema } from '#device/contract/contract.ts';
import { AssembledDevice } from '#device/testing/assembled-device.ts';
import { makeClip } from '#device/testing/clips.ts';
import { descendantsOf, isAlive } from '#device/testing/processes.ts';
import { startRebuilt } from '#device/testing/rebuilt-device.ts';

const recordingsSchema = z.object({ recordings: z.array(recordingSchema) });

describe('a device that records two cameras', () => {
  let folder: string;
  let device: AssembledDevice;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ending-'));
    const clip = join(folder, 'clip.mp4');
    await makeClip(clip, { seconds: 10, size: '160x90' });
    device = await AssembledDevice.start({ directory: join(folder, 'data'), env: { KERBEROS_LOG_LEVEL: 'warn' } });
    await device.enter();
    for (const name of ['Front', 'Yard']) {
      const camera = { name, source: { kind: 'file', url: clip }, recording: { mode: 'continuous' } };
      expect((await device.request('POST', '/api/cameras', camera)).status).toBe(201);
    }
    await device.until('both are recorded', async () => {
      const { recordings } = await device.json(recordingsSchema, 'GET', '/api/recordings');
      return recordings.filter(({ state }) => state === 'writing').length === 2;
    });
  });
  afterEach(async () => {
    await device.end('SIGKILL');
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  test('ends within ten seconds of SIGTERM, every recording closed, nothing to repair, no child left', async () => {
    const children = await descendantsOf(device.pid);
    expect(children.length).toBeGreaterThanOrEqual(2);
    const toldMs = performance.now();
    expect(await device.end('SIGTERM'), device.log()).toBe(0);
    expect(performance.now() - toldMs).toBeLessThan(10_000);
    await device.until('its children are gone', async () => (await Promise.all(children.map(isAlive))).every((one) => !one), 1_000);
    const { recordings, faults } = await startRebuilt(device.directory);
    expect(faults).toEqual([]);
    expect(recordings.map(({ state, repaired }) => ({ state, repaired }))).toEqual([
      { state: 'closed', repaired: false },
      { state: 'closed', repaired: false },
    ]);
  });

  test('lets nobody else read what it keeps, also in a data folder that others may enter', async () => {
    const kept = await readdir(device.directory, { recursive: true });
    expect(kept).toContain('events.db');
    const modes = await Promise.all(kept.map(async (path) => ({ path, mode: (await stat(join(device.directory, path))).mode & 0o007 })));
    expect(modes.filter(({ mode }) => mode !== 0)).toEqual([]);
  });

  test('takes its children with it when it is killed', async () => {
    const children = await descendantsOf(device.pid);
    expect(children.length).toBeGreaterThanOrEqual(2);
    await device.end('SIGKILL');
    await device.until('its children are gone', async () => (await Promise.all(children.map(isAlive))).every((one) => !one), 5_000);
  });
});
