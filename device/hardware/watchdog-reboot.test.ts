import { expect, test } from 'vitest';
import { kernelInMemory, textInMemory } from '#device/testing/planted-kernel.ts';
import { watchdogReboot } from './watchdog-reboot.ts';

const kernel = (bootstatus: string, bootId: string) =>
  kernelInMemory({ 'sys/class/watchdog/watchdog0/bootstatus': `${bootstatus}\n`, 'proc/sys/kernel/random/boot_id': `${bootId}\n` }).tree;

test('a reboot by the watchdog is told once for each start of the machine', async () => {
  const memory = textInMemory();
  expect(await watchdogReboot(kernel('32', 'one'), memory)).toContain('watchdog');
  expect(await watchdogReboot(kernel('32', 'one'), memory)).toBeNull();
  expect(await watchdogReboot(kernel('0', 'two'), memory)).toBeNull();
  expect(await watchdogReboot(kernel('32', 'three'), memory)).toContain('watchdog');
});

test('where no driver tells, nothing is told', async () => {
  expect(await watchdogReboot(kernelInMemory({}).tree, textInMemory())).toBeNull();
});

test('what cannot be noted is told again', async () => {
  const memory = { read: () => Promise.reject(new Error('EIO')), write: () => Promise.reject(new Error('EIO')) };
  expect(await watchdogReboot(kernel('32', 'one'), memory)).toContain('watchdog');
  expect(await watchdogReboot(kernel('32', 'one'), memory)).toContain('watchdog');
});
