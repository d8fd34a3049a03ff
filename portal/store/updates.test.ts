import { describe, expect, test } from 'vitest';
import type { UpdateStatus } from '../api/api.ts';
import { createUpdates, type UpdatesClient } from './updates.ts';

const status: UpdateStatus = {
  state: 'downloading',
  version: '1.0.0',
  release: 'c0ffee',
  progressPercent: 43,
  operatingSystem: 'balenaOS 6.4.0',
  lastUpdate: null,
  refusedVersion: null,
  canCommand: true,
};

function client(changes: Partial<UpdatesClient> = {}): UpdatesClient {
  const done = async () => ({ kind: 'ok' as const, value: null });
  return {
    updateStatus: async () => ({ kind: 'ok', value: status }),
    lookForUpdate: done,
    restart: done,
    reboot: done,
    shutdown: done,
    ...changes,
  };
}

describe('the updates of the device', () => {
  test('are loaded, and anew after looking for one', async () => {
    let asked = 0;
    const updates = createUpdates(
      client({
        updateStatus: async () => {
          asked += 1;
          return { kind: 'ok', value: { ...status, progressPercent: asked } };
        },
      }),
    );
    await updates.load();
    expect(updates.status.value.value?.progressPercent).toBe(1);
    expect(await updates.look()).toBeNull();
    expect(updates.status.value.value?.progressPercent).toBe(2);
  });

  test('a command that is refused says why', async () => {
    const problem = { kind: 'conflict' as const, message: 'Something is being written.', action: 'Wait.' };
    const updates = createUpdates(client({ reboot: async () => ({ kind: 'error', problem }) }));
    expect(await updates.command('reboot')).toEqual(problem);
    expect(await updates.command('restart')).toBeNull();
  });
});
