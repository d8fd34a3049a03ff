import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { eventSchema, healthSchema, pinBoardSchema } from '#device/contract/contract.ts';
import { findSysfsChip } from '#device/hardware/gpio-chip.ts';
import { kernelTree } from '#device/hardware/kernel-tree.ts';
import { AssembledDevice, owner } from '#device/testing/assembled-device.ts';

const eventPageSchema = z.object({ events: z.array(eventSchema) });

/** The whole device on whatever machine this is; most have neither pins nor lights, and then it must say so. */
describe('the device and its machine', { timeout: 180_000 }, () => {
  let folder: string;
  let resetFile: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hardware-'));
    resetFile = join(folder, 'kerberos-reset');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const start = () => AssembledDevice.start({ directory: folder, env: { KERBEROS_RESET_FILE: resetFile } });
  const login = (device: AssembledDevice, password: string) => device.request('POST', '/api/session', { ...owner, password });

  test('tells its pins, refuses what it has not, and stops with its heart at rest', async () => {
    const device = await start();
    await device.enter();
    const board = await device.json(pinBoardSchema, 'GET', '/api/pins');
    const chip = await findSysfsChip(kernelTree());
    if (chip)
      expect(board).toMatchObject({
        chip: chip.label,
        pins: expect.arrayContaining([expect.objectContaining({ line: 17, headerPin: 11 })]),
      });
    else expect(board).toEqual({ chip: null, through: null, pins: [] });
    const use = { direction: 'output', kind: 'relay', name: 'Gate', activeLow: false, mode: 'by-hand', cameraIds: [], pulseMs: 500 };
    const refused = await device.request('PUT', '/api/pins/0', use);
    expect(refused.status).toBe(chip ? 409 : 503);
    expect((await device.request('POST', '/api/pins/99/test')).status).toBe(400);
    const { checks } = await device.json(healthSchema, 'GET', '/api/health');
    expect(checks.map(({ id }) => id)).toEqual(expect.arrayContaining(['heart.watchdog', 'system.strain']));
    expect(await device.end('SIGTERM')).toBe(0);
    await expect(stat(join(folder, 'last-words.json'))).rejects.toThrow('ENOENT');
  });

  test('a file on the boot partition gives the owner a new password, and an empty one a new owner', async () => {
    let device = await start();
    await device.enter();
    await device.end('SIGTERM');
    await writeFile(resetFile, 'three doors and a key\n');
    device = await start();
    expect((await login(device, owner.password)).status).toBe(401);
    expect((await login(device, 'three doors and a key')).status).toBe(201);
    expect(device.log()).not.toContain('three doors');
    await device.end('SIGTERM');
    await writeFile(resetFile, '');
    device = await start();
    expect(await (await fetch(`${device.url}/api/health`)).json()).toMatchObject({ claimed: false });
    await device.enter();
    const { events } = await device.json(eventPageSchema, 'GET', '/api/events?kind=access.reset');
    expect(events).toHaveLength(2);
    await device.end('SIGTERM');
  });
});
