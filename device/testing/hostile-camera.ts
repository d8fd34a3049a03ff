import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';

export interface HostileCamera {
  port: number;
  url: string;
  stop(): Promise<void>;
}

/**
 * Answers every connection with bytes that mean nothing (`garbage`), accepts and never says a word (`mute`), or asks without end and reads
 * no answer (`demanding`); on a free port when none is given.
 */
export async function startHostileCamera(manner: 'garbage' | 'mute' | 'demanding', port = 0): Promise<HostileCamera> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
    if (manner === 'garbage') socket.on('data', () => socket.write(randomBytes(20_000)));
    if (manner === 'mute') socket.resume();
    if (manner === 'demanding') demand(socket);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    url: `rtsp://127.0.0.1:${address.port}/stream`,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function demand(socket: net.Socket): void {
  const request = `OPTIONS rtsp://device/ RTSP/1.0\r\nCSeq: 1\r\nUser-Agent: ${'x'.repeat(200)}\r\n\r\n`;
  const ask = () => {
    while (!socket.destroyed && socket.write(request.repeat(100)));
  };
  socket.on('drain', ask);
  ask();
}
