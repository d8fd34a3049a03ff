import { describe, expect, test } from 'vitest';
import { ConnectionShares } from './connection-shares.ts';

describe('the connections of a device', () => {
  const shares = () => new ConnectionShares({ perCaller: 2, perNetwork: 3, inAll: 6 });

  test('are shared out so that one caller cannot take them all', () => {
    const taken = shares();
    expect(taken.take('10.0.0.1')).not.toBeNull();
    expect(taken.take('10.0.0.1')).not.toBeNull();
    expect(taken.take('::ffff:10.0.0.1')).toBeNull();
    expect(taken.take('10.0.0.2')).not.toBeNull();
  });

  test('are not all for one host that takes many addresses of an IPv6 network', () => {
    const taken = shares();
    for (let host = 1; host <= 3; host += 1) expect(taken.take(`fe80::${host}`)).not.toBeNull();
    expect(taken.take('fe80::4')).toBeNull();
    expect(taken.take('10.0.0.1')).not.toBeNull();
  });

  test('are bounded in all', () => {
    const taken = shares();
    for (let host = 1; host <= 6; host += 1) expect(taken.take(`10.0.0.${host}`)).not.toBeNull();
    expect(taken.take('10.0.0.7')).toBeNull();
  });

  test('that end make room for others', () => {
    const taken = shares();
    const [first] = ['fe80::1', 'fe80::2', 'fe80::3'].map((address) => taken.take(address));
    expect(taken.take('fe80::4')).toBeNull();
    first?.();
    expect(taken.take('fe80::4')).not.toBeNull();
    expect(taken.take('fe80::1')).toBeNull();
  });
});
