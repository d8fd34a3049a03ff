import { expect, test } from 'vitest';
import { aacTrack } from '#device/media/mp4/audio-entry.ts';
import { readAudioEntry } from '#device/media/mp4/sample-entry.ts';
import { aacFormatOf, aacFrames } from './aac-depacketizer.ts';
import { readSessionDescription } from './session-description.ts';

function described(parameters: string) {
  const [media] = readSessionDescription(
    `m=audio 0 RTP/AVP 97\na=rtpmap:97 MPEG4-GENERIC/44100/2\na=fmtp:97 ${parameters}`,
    'rtsp://c/',
  ).media;
  if (!media) throw new Error('no media');
  return media;
}

const usual = 'mode=AAC-hbr;config=1210;sizelength=13;indexlength=3;indexdeltalength=3';

test('frames lie behind their sizes', () => {
  const format = aacFormatOf(described(usual));
  if (!format) throw new Error('no format');
  const payload = Uint8Array.of(0, 32, 0, 2 << 3, 0, 3 << 3, 1, 2, 3, 4, 5);
  expect(aacFrames(format, payload).map((frame) => [...frame])).toEqual([
    [1, 2],
    [3, 4, 5],
  ]);
});

test.each([[[]], [[0]], [[0xff, 0xf0, 1]], [[0, 16, 0xff, 0xf8, 1]], [[0, 16, 0, 0, 1]]])('a torn payload %j has no frames', (payload) => {
  const format = aacFormatOf(described(usual));
  if (!format) throw new Error('no format');
  expect(aacFrames(format, Uint8Array.from(payload))).toEqual([]);
});

test.each([
  'mode=AAC-lbr;config=1210;sizelength=6;indexlength=2',
  'mode=AAC-hbr;sizelength=13;indexlength=3',
  usual.replace('1210', 'xyz'),
])('another kind is left to others: %s', (parameters) => {
  expect(aacFormatOf(described(parameters))).toBeNull();
});

test('the configuration becomes a track that players know', () => {
  const track = aacTrack(Uint8Array.of(0x12, 0x10));
  expect(track).toMatchObject({ codecString: 'mp4a.40.2', sampleRateHz: 44_100, channels: 2, timescale: 44_100 });
  const entry = track?.sampleEntry ?? new Uint8Array();
  expect(readAudioEntry({ type: 'mp4a', offset: 0, headerSize: 8, size: entry.length }, entry, 44_100)).toEqual(track);
});

test('AAC of other kinds than LC has none', () => {
  expect(aacTrack(Uint8Array.of(0x2b, 0x92, 0x08, 0))).toBeNull();
});
