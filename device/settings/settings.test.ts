import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  defaultHardwareSettings,
  defaultMotionSettings,
  defaultNoticeSettings,
  defaultRecordingSettings,
  defaultTimeLapseSettings,
  type NewCamera,
} from '#device/contract/contract.ts';
import { Failure } from '#device/kernel/failure.ts';
import { silentLogger } from '#device/kernel/logger.ts';
import { readEnvironment } from './environment.ts';
import { migrate } from './migrations.ts';
import { cameraCosts, costOfChange, deviceCosts, freshSettings } from './schema.ts';
import { openSettings, type SettingsState } from './settings.ts';

const front: NewCamera = { name: 'Front', source: { kind: 'rtsp', url: 'rtsp://admin:hunter2@cam/1', transport: 'tcp' } };

describe('settings', () => {
  let folder = '';
  let file = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'settings-'));
    file = join(folder, 'settings.json');
  });
  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });
  const open = (variables: Record<string, string> = {}) =>
    openSettings({ file, logger: silentLogger, environment: readEnvironment(variables), timeZone: 'Europe/Brussels' });
  const stored = async () => JSON.parse(await readFile(file, 'utf8'));

  test('refuse to keep more free than half of the disk', async () => {
    const settings = await openSettings({ file, logger: silentLogger, volumeBytes: async () => 32_000_000_000 });
    await expect(settings.change({ storage: { minFreeBytes: 16_000_000_001 } })).rejects.toMatchObject({
      kind: 'invalid-input',
      message: expect.stringContaining('32.0 GB'),
      action: 'Keep at most half of it free, 16.0 GB.',
    });
    expect((await settings.change({ storage: { minFreeBytes: 16_000_000_000 } })).storage.minFreeBytes).toBe(16_000_000_000);
    const unknown = await openSettings({ file, logger: silentLogger, volumeBytes: async () => null });
    expect((await unknown.change({ storage: { minFreeBytes: 9e12 } })).storage.minFreeBytes).toBe(9e12);
  });

  test('begin with defaults and are at once on the disk, for their owner alone', async () => {
    const settings = await open();
    expect(settings.get()).toEqual(freshSettings('Europe/Brussels').device);
    expect(settings.cameras()).toEqual([]);
    expect(settings.notes()).toEqual([]);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  test('a change names some fields and leaves the others; it is told, and there after a restart', async () => {
    const settings = await open();
    const told: { before: SettingsState; after: SettingsState }[] = [];
    settings.onChange((change) => told.push(change));
    await settings.change({ storage: { maxAgeDays: 7 }, network: { hostName: 'barn' } });
    expect(told).toHaveLength(1);
    expect(told[0]?.before.device.network.hostName).toBe('kerberos');
    expect((await open()).get()).toMatchObject({
      storage: { maxAgeDays: 7, maxBytes: null },
      network: { hostName: 'barn', announce: true, timeServers: [] },
    });
    await settings.change({ network: { hostName: 'barn' } });
    expect(told).toHaveLength(1);
  });

  test('a refused change changes nothing', async () => {
    const settings = await open();
    const before = await readFile(file, 'utf8');
    await expect(settings.change({ timeZone: 'Mars/Olympus' })).rejects.toMatchObject({ kind: 'invalid-input' });
    await expect(settings.change({ network: { hostName: '-x-' } })).rejects.toThrow(/network\.hostName/);
    expect(await readFile(file, 'utf8')).toBe(before);
  });

  test('a camera whose address hides a name that is too long is refused in words, the name not repeated', async () => {
    const settings = await open();
    const url = `rtsp://${'hunter'.repeat(20)}:x@cam/1`;
    const added = settings.addCamera({ ...front, source: { kind: 'rtsp', url, transport: 'tcp' } });
    await expect(added).rejects.toMatchObject({ kind: 'invalid-input', message: expect.not.stringContaining('hunter') });
    await expect(open({ KERBEROS_CAMERAS: `gate=${url}` })).rejects.toBeInstanceOf(Failure);
  });

  test('what could not be written is not in force', async () => {
    const settings = await open();
    await rm(folder, { recursive: true });
    await expect(settings.change({ deviceName: 'Barn' })).rejects.toMatchObject({ kind: 'storage-failed' });
    expect(settings.get().deviceName).toBe('Kerberos');
  });

  test('a camera is completed, changed in part and removed, and its id is not given again', async () => {
    const settings = await open();
    const camera = await settings.addCamera({ ...front, recording: { mode: 'both' } });
    expect(camera).toEqual({
      id: 'front',
      name: 'Front',
      enabled: true,
      source: { kind: 'rtsp', url: 'rtsp://cam/1', transport: 'tcp', username: 'admin', password: 'hunter2' },
      recording: { ...defaultRecordingSettings, mode: 'both' },
      motion: defaultMotionSettings,
      notices: defaultNoticeSettings,
      timeLapse: defaultTimeLapseSettings,
    });
    const changed = await settings.changeCamera('front', { name: 'Door', source: { kind: 'rtsp', url: 'rtsp://cam/2', transport: 'udp' } });
    expect(changed).toMatchObject({ id: 'front', name: 'Door', source: { url: 'rtsp://cam/2', transport: 'udp', password: 'hunter2' } });
    expect(changed.recording.mode).toBe('both');
    const lapsing = await settings.changeCamera('front', { timeLapse: { enabled: true } });
    expect(lapsing.timeLapse).toEqual({ ...defaultTimeLapseSettings, enabled: true });
    await settings.removeCamera('front');
    expect((await settings.addCamera(front)).id).toBe('front-2');
    await expect(settings.changeCamera('front', {})).rejects.toMatchObject({ kind: 'not-found' });
  });

  test('changes at the same time all arrive', async () => {
    const settings = await open();
    await Promise.all([
      settings.addCamera(front),
      settings.addCamera(front),
      settings.change({ deviceName: 'Barn' }),
      settings.addCamera(front),
    ]);
    const again = await open();
    expect(again.cameras().map((camera) => camera.id)).toEqual(['front', 'front-2', 'front-3']);
    expect(again.get().deviceName).toBe('Barn');
  });

  test('the environment wins, is marked, and never gets into the file', async () => {
    const variables = { KERBEROS_HOST_NAME: 'barn', KERBEROS_CAMERAS: 'gate=rtsp://u:hunter2@cam/1', AGENT_CAPTURE_PRERECORDING: '5' };
    const settings = await open(variables);
    expect(settings.get().network.hostName).toBe('barn');
    expect(settings.fixedByEnvironment()).toEqual(
      expect.arrayContaining(['network.hostName', 'cameras.gate.source', 'cameras.gate.recording.preRollMs']),
    );
    await settings.change({ deviceName: 'Ours', network: { hostName: 'barn' } });
    await expect(settings.change({ network: { hostName: 'other' } })).rejects.toThrow(/KERBEROS_HOST_NAME/);
    await expect(settings.changeCamera('gate', { recording: { preRollMs: 0 } })).rejects.toThrow(/AGENT_CAPTURE_PRERECORDING/);
    await expect(settings.removeCamera('gate')).rejects.toThrow(/KERBEROS_CAMERAS/);
    const text = await readFile(file, 'utf8');
    expect(text).not.toMatch(/barn|hunter2/);
    expect((await open()).cameras()).toEqual([]);
  });

  test('what the owner chose for a camera of the environment is kept', async () => {
    const variables = { KERBEROS_CAMERAS: 'gate=demo' };
    await (await open(variables)).changeCamera('gate', { recording: { mode: 'continuous' }, motion: { sensitivity: 80 }, enabled: false });
    expect((await open(variables)).cameras()).toEqual([
      expect.objectContaining({
        id: 'gate',
        enabled: false,
        recording: { ...defaultRecordingSettings, mode: 'continuous' },
        motion: { ...defaultMotionSettings, sensitivity: 80 },
      }),
    ]);
  });

  test('a file from before there were pins is read as it is, and means what a fresh one says of them', async () => {
    await open();
    const { hardware, ...device } = (await stored()).device;
    expect(hardware).toEqual(defaultHardwareSettings);
    await writeFile(file, JSON.stringify({ ...(await stored()), device: { ...device, deviceName: 'Barn' } }));
    const settings = await open();
    expect(settings.get()).toMatchObject({ deviceName: 'Barn', hardware: defaultHardwareSettings });
    expect(settings.notes()).toEqual([]);
  });

  test('a file from before cameras were asked what they notice is read as it is, and asks none', async () => {
    await (await open()).addCamera(front);
    const { cameras, ...rest } = await stored();
    const { notices, ...camera } = cameras[0];
    expect(notices).toEqual(defaultNoticeSettings);
    await writeFile(file, JSON.stringify({ ...rest, cameras: [camera] }));
    const settings = await open();
    expect(settings.notes()).toEqual([]);
    expect(settings.cameras()[0]?.notices).toEqual({ enabled: false, kinds: defaultNoticeSettings.kinds });
    await settings.changeCamera('front', { notices: { enabled: true } });
    expect((await open()).cameras()[0]?.notices).toEqual({ enabled: true, kinds: defaultNoticeSettings.kinds });
  });

  test('what the owner wants to hear of a camera that the environment defines is kept', async () => {
    const variables = { KERBEROS_CAMERAS: 'front=rtsp://cam/1' };
    await (await open(variables)).changeCamera('front', { notices: { enabled: true, kinds: ['visitor'] } });
    expect((await open(variables)).cameras()[0]?.notices).toEqual({ enabled: true, kinds: ['visitor'] });
  });

  test('a camera from before there was a time-lapse has none', async () => {
    await (await open()).addCamera(front);
    const { cameras, ...rest } = await stored();
    const { timeLapse, ...before } = cameras[0];
    expect(timeLapse).toEqual(defaultTimeLapseSettings);
    await writeFile(file, JSON.stringify({ ...rest, cameras: [before] }));
    const settings = await open();
    expect(settings.cameras()).toEqual(cameras);
    expect(settings.notes()).toEqual([]);
  });

  test('one pin has one use', async () => {
    const settings = await open();
    const use = {
      direction: 'output',
      kind: 'relay',
      name: 'Gate',
      activeLow: false,
      mode: 'by-hand',
      cameraIds: [],
      pulseMs: 500,
    } as const;
    const pins = [17, 17].map((line) => ({ line, use: { ...use, cameraIds: [] } }));
    await expect(settings.change({ hardware: { pins } })).rejects.toThrow('each pin has one use');
    await settings.change({ hardware: { statusLights: false, pins: pins.slice(1) } });
    expect((await open()).get().hardware).toEqual({ ...defaultHardwareSettings, statusLights: false, pins: pins.slice(1) });
  });

  test('a torn file is kept, and the last good copy used and told', async () => {
    const settings = await open();
    await settings.addCamera(front);
    await settings.change({ deviceName: 'Barn' });
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.slice(0, text.indexOf('hunter2') + 7));
    const again = await open();
    expect(again.cameras()).toHaveLength(1);
    expect(again.notes().join(' ')).toMatch(/damaged.*broken-1.*last good copy/);
    expect(again.notes().join(' ')).not.toContain('hunter2');
    expect((await stat(`${file}.broken-1`)).mode & 0o777).toBe(0o600);
    expect((await open()).notes()).toEqual([]);
  });

  test('without any good copy the device starts afresh and says so; nothing is thrown away', async () => {
    await writeFile(file, '{"version":1,"device":{}}');
    await writeFile(`${file}.previous`, 'x');
    const settings = await open();
    expect(settings.notes()).toHaveLength(2);
    await writeFile(file, '');
    await open();
    expect((await readdir(folder)).filter((name) => name.includes('broken')).sort()).toEqual([
      'settings.json.broken-1',
      'settings.json.broken-2',
    ]);
  });

  test('a missing file with a good copy beside it is no reason to forget the cameras', async () => {
    const settings = await open();
    await settings.addCamera(front);
    await settings.change({ deviceName: 'Barn' });
    await rm(file);
    expect((await open()).cameras()).toHaveLength(1);
  });

  test('settings of a newer release are refused and left as they are', async () => {
    const text = JSON.stringify({ version: 99, device: 'unknown' });
    await writeFile(file, text);
    await expect(open()).rejects.toMatchObject({ kind: 'conflict' });
    expect(await readFile(file, 'utf8')).toBe(text);
  });

  test('the file holds today’s version', async () => {
    await open();
    expect((await stored()).version).toBe(1);
  });
});

describe('migrations', () => {
  const steps = [
    { from: 1, migrate: (settings: Readonly<Record<string, unknown>>) => ({ ...settings, name: settings['title'] }) },
    { from: 2, migrate: (settings: Readonly<Record<string, unknown>>) => ({ ...settings, name: `${String(settings['name'])}!` }) },
  ];
  test('go step by step to today’s version', () => {
    expect(migrate({ version: 1, title: 'a' }, steps, 3)).toEqual({ settings: { version: 3, title: 'a', name: 'a!' }, from: 1 });
    expect(migrate({ version: 3, name: 'b' }, steps, 3)).toEqual({ settings: { version: 3, name: 'b' }, from: null });
  });
  test('refuse what is newer, and what is no version', () => {
    expect(() => migrate({ version: 4 }, steps, 3)).toThrow(Failure);
    for (const value of [null, [], 'x', {}, { version: '1' }, { version: 0 }]) expect(() => migrate(value, steps, 3)).toThrow(Error);
    expect(() => migrate({ version: 1 }, steps.slice(1), 3)).toThrow(/version 1/);
  });
});

describe('the cost of a change', () => {
  const camera = { id: 'a', recording: { mode: 'off', audio: true }, source: { kind: 'demo' }, name: 'A' };
  test.each([
    ['nothing', {}, null],
    ['a name', { name: 'B' }, 'live'],
    ['a mode', { recording: { mode: 'both', audio: true } }, 'live'],
    ['sound', { recording: { mode: 'both', audio: false } }, 'restart-camera'],
    ['a source', { source: { kind: 'file' } }, 'restart-camera'],
  ])('of %s', (_name, change, cost) => {
    expect(costOfChange(cameraCosts, camera, { ...camera, ...change })).toBe(cost);
  });
  test('of a device setting', () => {
    const { device } = freshSettings('UTC');
    expect(costOfChange(deviceCosts, device, { ...device, network: { ...device.network, announce: false } })).toBe('live');
  });
});
