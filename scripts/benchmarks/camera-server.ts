/**
 * Cameras for measuring: plays encoded files in real time over RTSP (TCP), without decoding. A process of its own, so that its work is
 * nobody's whose work is measured. Started with a JSON list of mounts; says {"port", "originMs"} on stdout, answers `begin PATH` on stdin
 * with {"path", "beganMs"}, and ends when stdin does.
 */
import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { type Mount, PlayedStream } from './stage/played-stream.ts';

const originMs = Date.now();
const mounts = JSON.parse(process.argv[2] ?? '[]') as Mount[];
const streams = new Map(mounts.map((mount) => [mount.path, new PlayedStream(mount, originMs)]));
const say = (value: object) => process.stdout.write(`${JSON.stringify(value)}\n`);

function pathOf(url: string): string {
  return URL.canParse(url) ? new URL(url).pathname.replace(/\/(track)?$/, '') : '';
}

async function description(stream: PlayedStream): Promise<string> {
  const sets = await stream.open();
  const profile = sets[0]?.subarray(1, 4).toString('hex') ?? '42001f';
  const sprop = sets.map((set) => set.toString('base64')).join(',');
  return [
    ...['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=camera', 't=0 0', 'a=control:*', 'm=video 0 RTP/AVP 96', 'c=IN IP4 0.0.0.0'],
    ...['a=rtpmap:96 H264/90000', `a=fmtp:96 packetization-mode=1;profile-level-id=${profile};sprop-parameter-sets=${sprop}`],
    ...['a=control:track', ''],
  ].join('\r\n');
}

async function answer(socket: Socket, request: string): Promise<void> {
  const [method = '', url = ''] = request.split(' ', 2);
  const sequence = /^CSeq:\s*(\d+)/im.exec(request)?.[1] ?? '0';
  const stream = streams.get(pathOf(url));
  const reply = (status: string, headers: string[] = [], body = '') => {
    const length = body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
    socket.write([`RTSP/1.0 ${status}`, `CSeq: ${sequence}`, 'Session: 1;timeout=60', ...headers, ...length, '', body].join('\r\n'));
  };
  if (method === 'OPTIONS') return reply('200 OK', ['Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER']);
  if (method === 'GET_PARAMETER' || method === 'SET_PARAMETER') return reply('200 OK');
  if (!stream) return reply('404 Not Found');
  if (method === 'DESCRIBE') {
    const headers = ['Content-Type: application/sdp', `Content-Base: ${url.replace(/\/?$/, '/')}`];
    return reply('200 OK', headers, await description(stream));
  }
  if (method === 'SETUP') {
    return /RTP\/AVP\/TCP/i.test(request)
      ? reply('200 OK', ['Transport: RTP/AVP/TCP;unicast;interleaved=0-1'])
      : reply('461 Unsupported Transport');
  }
  if (method === 'PLAY') {
    reply('200 OK', ['Range: npt=now-']);
    return stream.watch(socket);
  }
  if (method === 'TEARDOWN') {
    stream.leave(socket);
    reply('200 OK');
    socket.end();
    return;
  }
  reply('405 Method Not Allowed');
}

/** Takes whole requests off the front, and what receivers report between them. Answers what is left. */
function takeRequests(socket: Socket, bytes: Buffer): Buffer {
  let rest = bytes;
  for (;;) {
    if (rest[0] === 0x24) {
      const size = rest.length < 4 ? 4 : 4 + rest.readUInt16BE(2);
      if (rest.length < size) return rest;
      rest = rest.subarray(size);
      continue;
    }
    const end = rest.indexOf('\r\n\r\n');
    if (end < 0) return rest;
    const request = rest.subarray(0, end).toString('latin1');
    rest = rest.subarray(end + 4 + Number(/^Content-Length:\s*(\d+)/im.exec(request)?.[1] ?? 0));
    answer(socket, request).catch((error: unknown) => socket.destroy(error instanceof Error ? error : undefined));
  }
}

const server = createServer((socket) => {
  let pending: Buffer = Buffer.alloc(0);
  socket.setNoDelay(true);
  socket.on('data', (bytes) => {
    pending = takeRequests(socket, Buffer.concat([pending, bytes]));
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    for (const stream of streams.values()) stream.leave(socket);
  });
});

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  say({ port: typeof address === 'object' && address !== null ? address.port : 0, originMs });
});

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const [verb = '', path = ''] = line.split(' ');
  const stream = streams.get(path);
  if (verb === 'begin' && stream) say({ path, beganMs: stream.begin() });
});
lines.on('close', () => process.exit(0));
