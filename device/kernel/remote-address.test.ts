import { describe, expect, test } from 'vitest';
import { callerOf, isLocalAddress } from './remote-address.ts';

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

  const ownAddresses = () => ['192.168.178.20', 'fe80::20', '2a02:8100:1:2::20'];
  const caller = (address: string) => callerOf(address, ownAddresses);

  test('of IPv4 is a caller of its own', () => {
    expect(caller('::ffff:8.8.8.8')).toEqual({ id: '8.8.8.8', network: null });
    expect(caller('8.8.8.9')).toEqual({ id: '8.8.8.9', network: null });
    expect(caller('192.168.178.21')).toEqual({ id: '192.168.178.21', network: null });
  });

  test('from elsewhere is one caller with all of its IPv6 network, since one person has all of it', () => {
    expect(caller('2a02:8100:1:3:3:4:5:6')).toEqual(caller('2a02:8100:1:3::9'));
    expect(caller('2a02:8100:1:4::9')).not.toEqual(caller('2a02:8100:1:3::9'));
    expect(caller('2a02:8100:1:3::9').network).toBeNull();
  });

  test.for([
    ['link-local', 'fe80::1%eth0', 'fe80:0:0:0::2'],
    ['unique local', 'fd12:3456::1', 'fd12:3456::2'],
    ['public', '2a02:8100:1:2::1', '2a02:8100:1:2::2'],
  ])('of the same %s IPv6 network is one of several neighbours', ([, one = '', other = '']) => {
    expect(caller(one).id).not.toBe(caller(other).id);
    expect(caller(one).network).not.toBeNull();
    expect(caller(one).network).toBe(caller(other).network);
  });

  test('is the same caller however it is written', () => {
    expect(caller('FE80:0:0:0:0:0:0:1%eth0')).toEqual(caller('fe80::1'));
  });
});
