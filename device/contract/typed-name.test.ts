import { describe, expect, test } from 'vitest';
import { cameraChangeSchema, deviceSettingsChangeSchema, newTokenSchema } from './contract.ts';

const fields = [
  ['a camera', (name: string) => cameraChangeSchema.safeParse({ name })],
  ['a token', (name: string) => newTokenSchema.safeParse({ name, scopes: ['view'] })],
  ['the device', (name: string) => deviceSettingsChangeSchema.safeParse({ deviceName: name })],
] as const;

describe.each(fields)('the name of %s', (_what, read) => {
  test.each(['Front\ndoor', 'Front\u0000', 'Front\u001b[31m', 'Front\u2028door', 'Front \ud83d', '\udc00'])(
    'is not %j, and says why',
    (name) => {
      expect(read(name).error?.issues[0]?.message).toMatch(/cannot be typed/);
    },
  );

  test.each(['Café Größe', '玄関', 'Jardin 👩‍🌾', "Dad's “shed” <3"])('may be %s', (name) => {
    expect(read(name).success).toBe(true);
  });
});
