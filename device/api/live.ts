import { upgradeWebSocket } from '@hono/node-server';
import type { Context } from 'hono';
import { WebSocket } from 'ws';
import { Failure } from '#device/kernel/failure.ts';
import type { ApiEnv } from './environment.ts';
import type { ApiDeps, LiveViewer } from './ports.ts';
import { leaveWhenUnwelcome, stillWelcome } from './still-welcome.ts';

/** The live room leaves out pictures long before; this only makes sure that no viewer can ever eat the memory. */
const mostBufferedBytes = 16 * 1024 * 1024;
const policyViolation = 1008;

/** Turns the request into a viewer of the camera. Messages of the browser mean nothing here and are ignored. */
export function liveAnswer(c: Context<ApiEnv>, deps: ApiDeps, cameraId: string) {
  if (c.req.header('upgrade')?.toLowerCase() !== 'websocket') {
    throw new Failure('invalid-input', 'The live view is a WebSocket.', { action: 'Open it as ws://, or use live.mjpeg.' });
  }
  deps.cameras.get(cameraId);
  const isWelcome = stillWelcome(c, deps);
  const left = new AbortController();
  return upgradeWebSocket(c, {
    onOpen: (_event, socket) => {
      const { raw } = socket;
      if (!(raw instanceof WebSocket)) return socket.close();
      try {
        const leave = deps.live.watch(cameraId, viewerOf(raw));
        left.signal.addEventListener('abort', leave, { once: true });
        void leaveWhenUnwelcome(deps, isWelcome, left.signal, () => raw.close(policyViolation, 'logged out'));
      } catch (error) {
        deps.logger.warn({ err: error, camera: cameraId }, 'a viewer could not be let in');
        raw.close(1011, error instanceof Failure ? error.kind : 'internal');
      }
    },
    onClose: () => left.abort(),
    onError: () => left.abort(),
  });
}

function viewerOf(socket: WebSocket): LiveViewer {
  return {
    send: (message) => {
      if (socket.readyState !== WebSocket.OPEN) return;
      if (socket.bufferedAmount > mostBufferedBytes) socket.terminate();
      else socket.send(message, { binary: typeof message !== 'string', compress: false });
    },
    bufferedBytes: () => socket.bufferedAmount,
    close: () => socket.terminate(),
  };
}
