import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { captiveAnswer } from './captive-answer.ts';

const own = '10.42.0.1';
const ask = (name: string, type = 1, header = '123401000001000000000000') =>
  Buffer.concat([
    Buffer.from(header, 'hex'),
    ...name.split('.').map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)])),
    Buffer.from([0, 0, type, 0, 1]),
  ]);

describe('a name that a guest asks for', () => {
  test('is the device, whatever it is, for some seconds', () => {
    const query = ask('connectivitycheck.gstatic.com');
    const answer = Buffer.from(captiveAnswer(query, own) ?? []);
    expect(answer.subarray(0, 12).toString('hex')).toBe('123485800001000100000000');
    expect(answer.subarray(12, query.length)).toEqual(query.subarray(12));
    expect(answer.subarray(query.length).toString('hex')).toBe('c00c000100010000000500040a2a0001');
  });

  test('has no other address, so that nobody waits for one', () => {
    const aaaa = 28;
    const https = 65;
    for (const type of [aaaa, https]) {
      const query = ask('captive.apple.com', type);
      const answer = Buffer.from(captiveAnswer(query, own) ?? []);
      expect(answer).toHaveLength(query.length);
      expect(answer.readUInt16BE(6)).toBe(0);
      expect(answer.readUInt16BE(2) & 0x0f).toBe(0);
    }
  });

  test('is answered without what the query brings along behind it', () => {
    const extended = Buffer.concat([ask('a.example', 1, '123401000001000000000001'), Buffer.from('0000291000000000000000', 'hex')]);
    expect(captiveAnswer(extended, own)).toHaveLength(ask('a.example').length + 16);
  });

  test('gets no answer when it is none: a response, an update, two names, a torn or endless one, a pointer', () => {
    expect(captiveAnswer(ask('a.example', 1, '123481800001000000000000'), own)).toBeNull();
    expect(captiveAnswer(ask('a.example', 1, '123428000001000000000000'), own)).toBeNull();
    expect(captiveAnswer(ask('a.example', 1, '123401000002000000000000'), own)).toBeNull();
    expect(captiveAnswer(ask('a.example').subarray(0, -1), own)).toBeNull();
    expect(captiveAnswer(ask(Array.from({ length: 60 }, () => 'abcd').join('.')), own)).toBeNull();
    expect(captiveAnswer(Buffer.from('123401000001000000000000c00c00010001', 'hex'), own)).toBeNull();
  });

  test('of any bytes at all never throws, and no answer is much larger than what was asked', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        expect(captiveAnswer(bytes, own)?.length ?? 0).toBeLessThanOrEqual(bytes.length + 16);
      }),
    );
  });
});
