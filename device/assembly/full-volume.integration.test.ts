import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { cameraSchema, healthSchema, recordingSchema } from '#device/contract/contract.ts';
import { AssembledDevice } from '#device/testing/assembled-device.ts';
import { makeClip } from '#device/testing/clips.ts';
import { RemovableVolume } from '#device/testing/removable-volume.ts';
import { check } from './commands/check.ts';
import { placesIn } from './places.ts';

const recordingsSchema = z.object({ recordings: z.array(recordingSchema) });
const sizeBytes = 20_971_520;
const isPossible = await RemovableVolume.isPossible();

describe.skipIf(!isPossible)('a device whose only volume somebody else fills to the last byte', { timeout: 120_000 }, () => {
  let folder: string;
  let data: string;
  let volume: RemovableVolume;
  let device: AssembledDevice;
  const start = async () => {
    device = await AssembledDevice.start({ directory: data, env: { KERBEROS_LOG_LEVEL: 'warn', KERBEROS_STORAGE_MIN_FREE_BYTES: '0' } });
    await device.enter();
  };
  const recordedMs = async () => {
    const { recordings } = await device.json(recordingsSchema, 'GET', '/api/recordings?limit=100');
    return recordings.reduce((sum, { durationMs }) => sum + durationMs, 0);
  };
  const worst = async () => (await device.json(healthSchema, 'GET', '/api/health')).status;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'full-'));
    data = join(folder, 'data');
    volume = await RemovableVolume.plugIn(data, sizeBytes);
    await start();
    const clip = join(folder, 'clip.mp4');
    await makeClip(clip, { seconds: 4, size: '160x90', audio: false });
    const source = { kind: 'file', url: clip };
    await device.json(cameraSchema, 'POST', '/api/cameras', {
      name: 'Front',
      source,
      recording: { mode: 'continuous' },
      motion: { enabled: false },
    });
    await device.until('it is recorded', async () => (await recordedMs()) > 5_000);
  });
  afterEach(async () => {
    await device.end('SIGKILL');
    await volume.remove();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  test('starts on it after the plug was pulled, says so, and records by itself when there is room', async () => {
    await volume.fill();
    await device.end('SIGKILL');
    await volume.fill();
    await start();
    await device.until('health tells', async () => (await worst()) === 'failed');
    await volume.fill();
    expect(await worst()).toBe('failed');
    await volume.makeRoom();
    const before = await recordedMs();
    await device.until('it is recorded again', async () => (await recordedMs()) > before + 2_000);
    expect(await device.end('SIGTERM'), device.log()).toBe(0);
    const said: string[] = [];
    expect(await check({ root: data, repair: false, say: (line) => said.push(line) }), said.join('\n')).toBe(0);
  });

  test('says why it cannot start when not even what it keeps for that is there', async () => {
    expect(await device.end('SIGTERM'), device.log()).toBe(0);
    await rm(placesIn(data).ballastFile);
    await volume.fill();
    await expect(start()).rejects.toThrow('The data volume is full to the last byte');
    await volume.makeRoom();
    await start();
    expect(await recordedMs()).toBeGreaterThan(5_000);
  });
});
