import { describe, expect, test } from 'vitest';
import { callerOf, isLocalAddress } from './local-address.ts';

describe('an address', () => {
  test.for([
    '127.0.0.1',
    '127.9.9.9',
    '::1',
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.178.20',
    '169.254.7.7',
    'fe80::1%eth0',
    'fd12:3456::1',
    '::ffff:192.168.1.5',
    '::FFFF:10.1.2.3',
    '::ffff:c0a8:0105',
  ])('%s is of this network', (address) => {
    expect(isLocalAddress(address)).toBe(true);
  });

  test.for([
    '8.8.8.8',
    '100.64.0.1',
    '172.15.0.1',
    '172.32.0.1',
    '192.169.0.1',
    '2a02:8100::1',
    '::ffff:8.8.8.8',
    '::ffff:100.64.0.1',
    '::',
    '0.0.0.0',
    '',
    'unknown',
    'localhost',
    '192.168.1.5, 8.8.8.8',
    '192.168.1',
    '::ffff:8.8.8.8%lo',
  ])('%s is not', (address) => {
    expect(isLocalAddress(address)).toBe(false);
  });

  test('counts as one caller with all of its IPv6 network', () => {
    expect(callerOf('2a02:8100:1:2:3:4:5:6')).toBe(callerOf('2a02:8100:1:2::9'));
    expect(callerOf('2a02:8100:1:2::9')).not.toBe(callerOf('2a02:8100:1:3::9'));
    expect(callerOf('fe80::1%eth0')).toBe(callerOf('fe80:0:0:0::2'));
    expect(callerOf('::ffff:8.8.8.8')).toBe('8.8.8.8');
    expect(callerOf('8.8.8.9')).not.toBe(callerOf('8.8.8.8'));
  });
});
