import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { filmedCode } from '#device/testing/filmed-code.ts';
import { codeIn } from './code-watch.ts';
import { readWifiCode } from './wifi-code.ts';

const network = (ssid: string, rest: object = {}) => ({ kind: 'network', network: { ssid, ...rest } });

describe('the code of a Wi-Fi network', () => {
  test.each([
    ['as phones make it', 'WIFI:S:Home;T:WPA;P:seven dwarfs;H:false;;', network('Home', { passphrase: 'seven dwarfs' })],
    [
      'as routers print it',
      'WIFI:T:WPA;S:FRITZ!Box 7590 AB;P:12345678901234567890;;',
      network('FRITZ!Box 7590 AB', { passphrase: '12345678901234567890' }),
    ],
    [
      'with escapes',
      'WIFI:T:WPA;S:semi\\;colon\\:back\\\\slash;P:a\\,b\\"c\\;d\\\\e;;',
      network('semi;colon:back\\slash', { passphrase: 'a,b"c;d\\e' }),
    ],
    ['of a hidden network', 'wifi:T:WPA;S:Cellar;P:seven dwarfs;H:true;;', network('Cellar', { passphrase: 'seven dwarfs', hidden: true })],
    ['of an open network', 'WIFI:T:nopass;S:Café;;', network('Café')],
    ['of WPA3', 'WIFI:T:SAE;S:Home;P:seven dwarfs;;', network('Home', { passphrase: 'seven dwarfs' })],
    ['without its last sign', 'WIFI:T:WPA;S:Home;P:seven dwarfs;', network('Home', { passphrase: 'seven dwarfs' })],
  ])('%s is understood', (_what, text, expected) => {
    expect(readWifiCode(text)).toEqual(expected);
  });

  test.each(['https://example.org/', '', 'MECARD:N:Doe;;', ' WIFI:S:Home;;'])('%j is something else', (text) => {
    expect(readWifiCode(text)).toBeNull();
  });

  test.each([
    ['WEP', 'WIFI:T:WEP;S:Old;P:12345;;'],
    ['a login', 'WIFI:T:WPA2-EAP;S:Office;P:x;E:PEAP;I:me;;'],
    ['no name', 'WIFI:T:WPA;P:seven dwarfs;;'],
    ['no passphrase', 'WIFI:T:WPA;S:Home;;'],
    ['a short passphrase', 'WIFI:T:WPA;S:Home;P:short;;'],
    ['two names', 'WIFI:S:Home;S:Evil;T:WPA;P:seven dwarfs;;'],
    ['a torn end', 'WIFI:T:WPA;S:Home;P:seven dwarfs'],
    ['an escape of nothing', 'WIFI:T:WPA;S:Home\\'],
    ['a name that is too long', `WIFI:T:nopass;S:${'x'.repeat(33)};;`],
    ['a line break in the passphrase', 'WIFI:T:WPA;S:Home;P:seven\ndwarfs;;'],
    ['a novel', `WIFI:T:WPA;S:Home;P:${'x'.repeat(3000)};;`],
  ])('with %s is not joined, and its passphrase not repeated', (_what, text) => {
    const code = readWifiCode(text);
    expect(code).toMatchObject({ kind: 'unusable' });
    expect(JSON.stringify(code)).not.toContain('dwarfs');
  });

  test('whatever the name and the passphrase are, they come out as they went in', () => {
    const plain = fc.string({
      unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
      minLength: 8,
      maxLength: 32,
    });
    const escaped = (text: string) => text.replace(/[\\;,:"]/g, '\\$&');
    fc.assert(
      fc.property(plain, plain, (ssid, passphrase) => {
        expect(readWifiCode(`WIFI:T:WPA;S:${escaped(ssid)};P:${escaped(passphrase)};;`)).toEqual(network(ssid, { passphrase }));
      }),
    );
  });

  test('whatever a stranger writes, it never throws', () => {
    fc.assert(fc.property(fc.string({ maxLength: 3000 }), (text) => void readWifiCode(`WIFI:${text}`)));
  });
});

const text = 'WIFI:T:WPA;S:FRITZ!Box 7590 AB;P:12345678901234567890;;';
const shot = { width: 640, height: 480, moduleSize: 4.8, degrees: 0, blur: 0, noise: 0, white: 200, black: 60 };

/** Made by the encoder and distorted by us; no lens was used. 4.8 pixels a square: a phone of 6 cm at 30 cm, seen at 66 degrees. */
describe('a code before the lens', () => {
  test.each([
    ['straight', {}],
    ['turned a little', { degrees: 8 }],
    ['turned by any angle', { degrees: 33 }],
    ['upside down', { degrees: 180 }],
    ['in a large picture', { width: 1280, height: 720, degrees: 5 }],
    ['out of focus', { blur: 1, degrees: 5 }],
    ['in a dark room', { noise: 5, white: 90, black: 30 }],
    ['out of focus, turned and noisy', { blur: 1, degrees: 33, noise: 12 }],
    ['of 10 cm on paper', { moduleSize: 8, degrees: 12, blur: 2, noise: 15 }],
  ])('is read when it is %s', (_what, change) => {
    expect(codeIn({ ...shot, ...change, luma: filmedCode(text, { ...shot, ...change }) })).toBe(text);
  });

  test('is not read from the small picture that detection sees: that is why a larger one is made', () => {
    const small = { ...shot, width: 320, height: 180, moduleSize: 1.2, noise: 8 };
    expect(codeIn({ ...small, luma: filmedCode(text, small) })).toBeNull();
  });

  test('nothing is read where there is none, and no picture is too strange', () => {
    expect(codeIn({ width: 1280, height: 720, luma: new Uint8Array(1280 * 720) })).toBeNull();
    expect(codeIn({ width: 8, height: 8, luma: new Uint8Array(64).fill(200) })).toBeNull();
    expect(codeIn({ width: 100_000, height: 100_000, luma: new Uint8Array(0) })).toBeNull();
  });
});
