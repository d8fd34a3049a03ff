import { describe, expect, test } from 'vitest';
import { readSessionDescription } from './session-description.ts';

const base = 'rtsp://camera/stream';
const described = [
  'v=0',
  'o=- 1 1 IN IP4 10.0.0.1',
  's=Media',
  'a=control:*',
  'm=video 0 RTP/AVP 96',
  'a=rtpmap:96 H264/90000',
  'a=fmtp:96 packetization-mode=1; profile-level-id=64001F; sprop-parameter-sets=Z2QAH6w=,aO48sA==',
  'a=control:trackID=1',
  'm=audio 0 RTP/AVP 97',
  'a=rtpmap:97 mpeg4-generic/16000/1',
  'a=fmtp:97 streamtype=5;mode=AAC-hbr;config=1408;sizelength=13;indexlength=3;indexdeltalength=3',
  'a=control:rtsp://camera/stream/trackID=2',
  'm=application 0 RTP/AVP 107',
  'a=rtpmap:107 vnd.onvif.metadata/90000',
].join('\r\n');

describe('a session description', () => {
  test('tells of video and sound, and leaves out the rest', () => {
    const { media, control } = readSessionDescription(described, base);
    expect(control).toBe(base);
    expect(media).toMatchObject([
      { kind: 'video', payloadType: 96, encoding: 'H264', clockRateHz: 90_000, control: 'rtsp://camera/stream/trackID=1' },
      {
        kind: 'audio',
        payloadType: 97,
        encoding: 'MPEG4-GENERIC',
        clockRateHz: 16_000,
        channels: 1,
        control: 'rtsp://camera/stream/trackID=2',
      },
    ]);
    expect(media[0]?.parameters.get('sprop-parameter-sets')).toBe('Z2QAH6w=,aO48sA==');
    expect(media[1]?.parameters.get('config')).toBe('1408');
  });

  test('keeps the query of a base to which tracks are appended', () => {
    const { media } = readSessionDescription(described, 'rtsp://camera/cam?channel=1&subtype=0');
    expect(media[0]?.control).toBe('rtsp://camera/cam?channel=1&subtype=0/trackID=1');
  });

  test('knows the formats that need no name', () => {
    const { media } = readSessionDescription('m=audio 0 RTP/AVP 0\nm=video 0 RTP/AVP 26', base);
    expect(media.map(({ encoding }) => encoding)).toEqual(['PCMU', 'JPEG']);
  });

  test('of nonsense has no media, and of too many is refused', () => {
    expect(readSessionDescription('hello\nm=video ? ?\nm=audio 0 RTP/AVP 99', base).media).toEqual([]);
    expect(() => readSessionDescription('m=video 0 RTP/AVP 26\n'.repeat(40), base)).toThrow(RangeError);
  });
});
