import { expect, test } from 'vitest';
import { deviceSettingsChangeSchema, networkSettingsSchema } from '#device/contract/contract.ts';

test('settings of a release that knew no time servers still load', () => {
  expect(networkSettingsSchema.parse({ hostName: 'barn', announce: true })).toEqual({ hostName: 'barn', announce: true, timeServers: [] });
});

test('a change that does not name the time servers leaves them', () => {
  expect(deviceSettingsChangeSchema.parse({ network: { announce: false } })).toEqual({ network: { announce: false } });
});

test.each(['', '-x', 'time example', 'a\nserver b', 'x'.repeat(300)])('%j is no time server', (server) => {
  expect(deviceSettingsChangeSchema.safeParse({ network: { timeServers: [server] } }).success).toBe(false);
});
