import { describe, expect, test } from 'vitest';
import { MessageReader } from './message-reader.ts';

/** What was taken out, as text. */
function read(chunks: readonly Uint8Array[]): string[] {
  const seen: string[] = [];
  const reader = new MessageReader({
    answer: ({ status, reason, headers, body }) => seen.push(`${status} ${reason} cseq=${headers.get('cseq')} ${body}`.trim()),
    request: (sequence) => seen.push(`asked ${sequence}`),
    frame: (channel, bytes, start, end) => seen.push(`frame ${channel} ${bytes.toString('latin1', start, end)}`),
  });
  for (const chunk of chunks) reader.push(chunk);
  return seen;
}

const text = (...lines: string[]) => Buffer.from(lines.join('\r\n'), 'latin1');
const frame = (channel: number, payload: string) =>
  Buffer.concat([Buffer.from([0x24, channel, payload.length >> 8, payload.length & 0xff]), Buffer.from(payload)]);

const conversation = Buffer.concat([
  text('RTSP/1.0 200 OK', 'CSeq: 1', 'Content-Length: 5', '', 'hello'),
  frame(0, 'picture'),
  text('', ''),
  text('OPTIONS rtsp://device/ RTSP/1.0', 'CSeq: 7', '', ''),
  frame(1, ''),
  frame(2, 'x'.repeat(60_000)),
  text('RTSP/1.0 401 Unauthorized', 'CSeq: 2', 'WWW-Authenticate: Basic realm="a"', '', ''),
]);
const taken = ['200 OK cseq=1 hello', 'frame 0 picture', 'asked 7', 'frame 1 ', `frame 2 ${'x'.repeat(60_000)}`, '401 Unauthorized cseq=2'];

describe('an RTSP connection', () => {
  test('is taken apart', () => {
    expect(read([conversation])).toEqual(taken);
  });

  test('is asked by a number, and by nothing longer', () => {
    const ask = (sequence: string) => text('OPTIONS rtsp://device/ RTSP/1.0', `CSeq: ${sequence}`, '', '');
    expect(read([ask('4294967295'), ask('9'.repeat(9000)), ask('a')])).toEqual(['asked 4294967295', 'asked 0', 'asked 0']);
  });

  test.each([1, 2, 3, 7, 1000, 65_536])('whatever the pieces are that it comes in (%i bytes)', (size) => {
    const pieces = Array.from({ length: Math.ceil(conversation.length / size) }, (_, index) =>
      conversation.subarray(index * size, (index + 1) * size),
    );
    expect(read(pieces)).toEqual(taken);
  });

  test('keeps every value of a header that comes twice', () => {
    const challenges: (readonly string[] | undefined)[] = [];
    const reader = new MessageReader({
      answer: ({ headers }) => challenges.push(headers.get('www-authenticate')),
      request: () => {},
      frame: () => {},
    });
    reader.push(text('RTSP/1.0 401 No', 'WWW-Authenticate: Basic realm="a"', 'www-authenticate: Digest realm="b"', '', ''));
    expect(challenges).toEqual([['Basic realm="a"', 'Digest realm="b"']]);
  });

  test.each([
    ['of another protocol', text('HTTP/1.1 200 OK', '', '')],
    ['of no protocol at all', Buffer.alloc(200, 0xee)],
    ['whose head never ends', Buffer.concat([text('RTSP/1.0 200 OK', ''), Buffer.alloc(20_000, 0x61)])],
    ['whose body is larger than any', text('RTSP/1.0 200 OK', 'Content-Length: 99999999', '', '')],
    ['whose body has no length', text('RTSP/1.0 200 OK', 'Content-Length: -1', '', '')],
  ])('is refused when it brings something %s', (_, bytes) => {
    expect(() => read([bytes])).toThrow(RangeError);
  });
});
