import { describe, expect, test } from 'vitest';
import { scrub } from './scrub.ts';
import { sessionArguments, subStreamArguments } from './session-arguments.ts';
import { localInput, rtspAddress, rtspInput } from './source-input.ts';
import { audioWayOut, explainTrouble } from './trouble.ts';

const source = {
  kind: 'rtsp',
  url: "rtsp://front.local:8554/a'b?x=1",
  transport: 'tcp',
  username: "o'neil",
  password: "p'\n:@/%",
} as const;

describe('the login', () => {
  const input = rtspInput(rtspAddress(source, 'main'), 'udp');

  test('goes into the script, never into the arguments', () => {
    const args = sessionArguments({ kind: 'rtsp', input, audio: 'copy', pictureWidth: 320 });
    expect(args.join(' ')).not.toMatch(/rtsp:\/\/|neil|p'/);
    expect(input.script).toContain("file 'rtsp://o%27neil:p%27%0A%3A%40%2F%25@front.local:8554/a%27b?x=1'\n");
    expect(input.script).toContain('option rtsp_transport udp\n');
  });

  test('cannot end the line or the quotation of the script', () => {
    const lines = (input.script ?? '').split('\n');
    expect(lines.filter((line) => line.startsWith('file '))).toHaveLength(1);
    expect(lines[1]?.match(/'/g)).toHaveLength(2);
  });

  test('is cut out of what is told, in every spelling', () => {
    expect(scrub(`rtsp://o:p%27%0A@h: tried p'\n:@/% and p'%0A%3A%40%2F%25`, input.secrets)).not.toMatch(/p'|p%27/);
    expect(scrub('opening rtsp://u:pw@cam/1 failed', [])).toBe('opening rtsp://***@cam/1 failed');
  });

  test('an address of another kind is refused', () => {
    expect(() => rtspAddress({ ...source, url: 'http://cam/' }, 'main')).toThrow(/rtsp/);
    expect(() => rtspAddress({ ...source, url: 'nonsense' }, 'main')).toThrow(/URL/);
  });
});

describe('arguments', () => {
  const file = localInput({ kind: 'file', url: 'file:///a%20b.mp4', loop: true }, { inRealTime: true, fontFile: null });

  test('a looped file is read in real time, by its path and nothing else', () => {
    expect(file.args).toEqual(['-re', '-stream_loop', '-1', '-protocol_whitelist', 'file', '-i', 'file:/a b.mp4']);
  });

  test('video is copied; nothing is decoded unless pictures are wanted', () => {
    const without = sessionArguments({ kind: 'file', input: file, audio: 'none', pictureWidth: null });
    expect(without.join(' ')).toContain('-map 0:v:0 -an -c:v copy');
    expect(without).not.toContain('-skip_frame');
    const withPictures = sessionArguments({ kind: 'file', input: file, audio: 'encode', pictureWidth: 320 });
    expect(withPictures.indexOf('-skip_frame')).toBeLessThan(withPictures.indexOf('-i'));
    expect(withPictures.join(' ')).toContain('-c:a aac');
    expect(subStreamArguments(file, 320).join(' ')).not.toContain('copy');
  });
});

/** ffmpeg 7 forgets the name of the stream here and tells it in another line. */
const unnamedMap = "Stream map '' matches no streams.\nTo ignore this, add a trailing '?' to the map.\n";

describe('what ffmpeg says is told in plain words', () => {
  test.each([
    ['method DESCRIBE failed: 401 Unauthorized', 'camera-wrong-password'],
    ['method DESCRIBE failed: 404 Not Found', 'camera-refused'],
    ['Connection to tcp://1.2.3.4:554?timeout=8000000 failed: Connection refused', 'camera-unreachable'],
    ['Failed to resolve hostname front.local: Name or service not known', 'camera-unreachable'],
    ["Stream map '0:v:0' matches no streams.", 'camera-no-video'],
    ['Invalid data found when processing input', 'camera-no-video'],
    ['', 'camera-unreachable'],
  ])('%s', (said, kind) => {
    const failure = explainTrouble(said, []);
    expect(failure.kind).toBe(kind);
    expect(failure.action).toBeTruthy();
  });

  test('trouble with the sound is told from trouble with the picture', () => {
    expect(audioWayOut('copy', "Stream map '0:a:0' matches no streams.")).toBe('none');
    expect(audioWayOut('copy', `${unnamedMap}Failed to set value '0:a:0' for option 'map': Invalid argument`)).toBe('none');
    expect(audioWayOut('copy', `${unnamedMap}Failed to set value '0:v:0' for option 'map': Invalid argument`)).toBeNull();
    expect(audioWayOut('copy', 'Could not find tag for codec pcm_mulaw in stream #0, codec not currently supported')).toBe('encode');
    expect(audioWayOut('encode', 'Decoder (codec g726) not found for input stream #0:1')).toBe('none');
    expect(audioWayOut('copy', 'Could not find tag for codec vp8 in stream #0')).toBeNull();
    expect(audioWayOut('copy', '401 Unauthorized')).toBeNull();
  });
});
