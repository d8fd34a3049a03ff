import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';

export interface GarblingLine {
  port: number;
  /** From now on, what the camera says arrives as noise of the same length; or as it was said again. */
  garble(isGarbled: boolean): void;
  stop(): Promise<void>;
}

/** A line to a camera on a port of this machine, on which everything can turn into noise in the middle of a stream. */
export async function startGarblingLine(cameraPort: number): Promise<GarblingLine> {
  const sockets = new Set<net.Socket>();
  let isGarbled = false;
  const server = net.createServer((viewer) => {
    const camera = net.connect(cameraPort, '127.0.0.1');
    for (const socket of [viewer, camera]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.once('close', () => {
        sockets.delete(socket);
        viewer.destroy();
        camera.destroy();
      });
    }
    viewer.on('data', (bytes) => camera.write(bytes));
    camera.on('data', (bytes) => viewer.write(isGarbled ? randomBytes(bytes.length) : bytes));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    garble: (value) => {
      isGarbled = value;
    },
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
