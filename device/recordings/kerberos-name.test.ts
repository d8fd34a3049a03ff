import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { escapedCameraName, kerberosName, type NamedRecording, unescapedCameraName } from './kerberos-name.ts';

const recording: NamedRecording = {
  startWallMs: 1_700_000_000_123,
  cameraName: 'frontdoor',
  region: { x: 12, y: 91, width: 92, height: 183 },
  changes: 121,
  durationMs: 25_498,
  state: 'closed',
};

describe('the name a Kerberos Vault reads', () => {
  test('has its six fields', () => {
    expect(kerberosName(recording)).toBe('1700000000_3-123_frontdoor_12-91-92-183_121_25498.mp4');
  });

  test('counts the digits of the milliseconds', () => {
    expect(kerberosName({ ...recording, startWallMs: 1_700_000_000_007 })).toMatch(/^1700000000_1-7_/);
    expect(kerberosName({ ...recording, startWallMs: 1_700_000_000_000 })).toMatch(/^1700000000_1-0_/);
  });

  test('of a continuous recording has no rectangle and -1 changes', () => {
    const region = { x: 0, y: 0, width: 0, height: 0 };
    expect(kerberosName({ ...recording, region, changes: -1 })).toBe('1700000000_3-123_frontdoor_0-0-0-0_-1_25498.mp4');
  });

  test('says 0 for the length while it is being written', () => {
    expect(kerberosName({ ...recording, state: 'writing' })).toMatch(/_0\.mp4$/);
  });

  test('keeps its six fields whatever the camera is called', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(0x10ffff), { maxLength: 64 }), (codePoints) => {
        const cameraName = String.fromCodePoint(...codePoints);
        const name = kerberosName({ ...recording, cameraName });
        expect(name).toMatch(/^1700000000_3-123_[^_/\\\0\n":%]*_12-91-92-183_121_25498\.mp4$/);
        expect(new TextEncoder().encode(name).length).toBeLessThanOrEqual(255);
      }),
    );
  });

  test('gives the camera name back when it was short enough', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 12 }), (cameraName) => {
        expect(unescapedCameraName(escapedCameraName(cameraName))).toBe(cameraName);
      }),
    );
    expect(escapedCameraName('Küche_2 ✓')).toBe('Küche~5f2~20~e2~9c~93');
    expect(unescapedCameraName('Küche~5f2~20~e2~9c~93')).toBe('Küche_2 ✓');
  });

  test('is cut between characters when the camera name is too long, and says so', () => {
    const escaped = escapedCameraName('鳥'.repeat(64));
    expect(escaped).toBe(`${'鳥'.repeat(50)}~~`);
    expect(unescapedCameraName(escaped)).toBe('鳥'.repeat(50));
  });
});
