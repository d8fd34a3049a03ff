import { expect, test } from 'vitest';
import { accessPointProfile } from './connection-profiles.ts';

const channelOf = (ssid: string) =>
  accessPointProfile({ ssid, passphrase: 'abcd-efgh-jkmn', address: '10.42.0.1' })['802-11-wireless']?.['channel']?.value;
const names = [...'abcdefghjkmnpqrstuvwxyz23456789'].map((letter) => `Kerberos-m3p${letter}`);

test('the own access point sends where that is allowed in every country, whatever its name', () => {
  expect(new Set(names.map(channelOf))).toEqual(new Set([1, 6, 11]));
});
