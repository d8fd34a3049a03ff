import { tmpdir } from 'node:os';
import { describe, expect, test } from 'vitest';
import { silentLogger } from '#device/kernel/logger.ts';
import { volumeOf } from '#device/kernel/volume-space.ts';
import { SimulatedClock } from '#device/testing/simulated-clock.ts';
import { createHealth } from './health.ts';
import { createMachine, systemHealth } from './system.ts';
import { clockCheck, diskCheck, keptFreeChecks, memoryCheck, temperatureCheck } from './system-checks.ts';

const gigabyte = 1_000_000_000;

describe('checks of the machine', () => {
  test.each([
    [4 * gigabyte, 'ok'],
    [0.7 * gigabyte, 'warning'],
    [0.1 * gigabyte, 'failed'],
  ])('%d bytes of free memory are %s', (availableBytes, level) => {
    expect(memoryCheck({ availableBytes, totalBytes: 8 * gigabyte }).level).toBe(level);
  });
  test.each([
    [null, 'ok'],
    [60, 'ok'],
    [76, 'warning'],
    [85, 'failed'],
  ])('%s degrees are %s', (celsius, level) => {
    expect(temperatureCheck(celsius).level).toBe(level);
  });
  test.each([
    [2 * gigabyte, 'ok'],
    [0.4 * gigabyte, 'warning'],
    [0.1 * gigabyte, 'failed'],
  ])('%d bytes of free disk are %s', (freeBytes, level) => {
    expect(diskCheck({ freeBytes, totalBytes: 32 * gigabyte, minFreeBytes: gigabyte }).level).toBe(level);
  });
  test('more to keep free than half of the disk is told, with who asks for it', () => {
    const disk = { freeBytes: 20 * gigabyte, totalBytes: 32 * gigabyte, minFreeBytes: 16 * gigabyte };
    expect(keptFreeChecks({ ...disk, askedFreeBytes: 16 * gigabyte, askedBy: null })).toEqual([]);
    expect(keptFreeChecks({ ...disk, askedFreeBytes: 900 * gigabyte, askedBy: 'KERBEROS_STORAGE_MIN_FREE_BYTES' })).toEqual([
      {
        id: 'storage.kept-free',
        level: 'warning',
        message: 'KERBEROS_STORAGE_MIN_FREE_BYTES asks to keep 900.0 GB free, but the disk has 32.0 GB: half of it is kept free.',
        action: 'Set KERBEROS_STORAGE_MIN_FREE_BYTES to at most 16.0 GB and start again.',
      },
    ]);
  });
  test('what is not well says what to do, what is well does not', () => {
    expect(clockCheck('set').action).toBeUndefined();
    expect(clockCheck('approximate')).toMatchObject({ level: 'warning', action: expect.any(String) });
    expect(diskCheck({ freeBytes: 0, totalBytes: gigabyte, minFreeBytes: gigabyte }).action).toEqual(expect.any(String));
  });
});

describe('the machine', () => {
  test('describes itself', async () => {
    const facts = await createMachine(new SimulatedClock()).describe();
    expect(facts.memory.totalBytes).toBeGreaterThan(facts.memory.availableBytes);
    expect(facts.memory.processBytes).toBeGreaterThan(1_000_000);
    expect(facts.cpuPercent).toBeGreaterThanOrEqual(0);
    expect(facts.operatingSystem).not.toBe('');
    expect(facts.addresses).not.toContain('127.0.0.1');
  });

  test('is checked with its real values', async () => {
    const clock = new SimulatedClock();
    const disk = async () => ({ ...(await volumeOf(tmpdir())), minFreeBytes: 1, askedFreeBytes: 1, askedBy: null });
    const sources = systemHealth({ machine: createMachine(clock), trust: () => 'approximate', disk });
    const health = createHealth({ clock, logger: silentLogger, sources, version: '1', isClaimed: () => true, wallMs: () => clock.wall() });
    const full = await health.full();
    expect(full.checks.map((check) => check.id)).toEqual(['system.memory', 'system.temperature', 'system.clock', 'storage.space']);
    expect(full.checks.find((check) => check.id === 'storage.space')?.value).toBeGreaterThan(0);
  });
});
