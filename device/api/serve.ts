import { Server } from 'node:http';
import type { Socket } from 'node:net';
import { createAdaptorServer, type WebSocketServerLike } from '@hono/node-server';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Clock } from '#device/kernel/clock.ts';
import { Failure } from '#device/kernel/failure.ts';
import type { Logger } from '#device/kernel/logger.ts';
import { ConnectionShares } from './connection-shares.ts';

interface ServeOptions {
  app: { fetch(request: Request, env: object): Response | Promise<Response> };
  deps: { clock: Clock };
  host: string;
  /** 0 takes any free one. */
  port: number;
  logger: Logger;
  /** Called once, with the port that was really taken. */
  onListening?: (listening: { port: number }) => void;
}

const pingEveryMs = 20_000;
/** For answers that are nearly done; live views and event streams would go on for ever and are cut after it. */
const partingMs = 1_000;
const goingAway = 1001;
/** Browsers have nothing to say on the live view. */
const webSocketPayloadBytes = 1024;
const mostConnections = 1_000;
/**
 * A wall of 64 cameras in one browser is 64 connections and a few, and a proxy has those of a whole household: the share of a caller is
 * wide, yet no host takes all. What is left over is for this machine, which asks itself whether it is well.
 */
const shares = { perCaller: 256, perNetwork: 512, inAll: 936 };

const serverOptions = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  /** How late those two are noticed. */
  connectionsCheckingInterval: 2_000,
  keepAliveTimeout: 15_000,
  maxHeaderSize: 16 * 1024,
  /** Anything but a WebSocket that asks for an upgrade is answered as if it had not asked. */
  shouldUpgradeCallback: (request: { headers: { upgrade?: string | undefined } }) => request.headers.upgrade?.toLowerCase() === 'websocket',
};
/** A connection on which nothing moves for so long is dead; event streams and live views beat more often. */
const silentConnectionMs = 300_000;

/**
 * Serves until the signal is aborted, then closes every connection within seconds and returns.
 * Throws Failure `conflict` when the port is taken, `forbidden` when it may not be used, `invalid-input` for a host that is not ours.
 */
export async function serveApi(options: ServeOptions, signal: AbortSignal): Promise<void> {
  const { app, deps, logger } = options;
  const sockets = new WebSocketServer({ noServer: true, maxPayload: webSocketPayloadBytes, perMessageDeflate: false });
  const server = createAdaptorServer({
    fetch: (request, env) => app.fetch(request, env),
    overrideGlobalObjects: false,
    serverOptions,
    // The adapter is made for this very class; only its description of the optional fields is stricter than the class's own.
    websocket: { server: sockets as WebSocketServer & WebSocketServerLike },
  });
  if (!(server instanceof Server)) throw new Failure('internal', 'The server could not be made.');
  server.maxConnections = mostConnections;
  shareOut(server, logger);
  server.timeout = silentConnectionMs;
  sockets.on('wsClientError', (error) => logger.debug({ err: error }, 'a WebSocket could not be opened'));
  const port = await listen(server, options);
  server.on('error', (error) => logger.error({ err: error }, 'the server reports an error'));
  logger.info({ host: options.host, port }, 'serving');
  options.onListening?.({ port });
  await pingUntilAborted(sockets, deps.clock, signal);
  await close(server, sockets, deps.clock);
}

/** Who comes from the very address that he comes to is this machine, and has no share. */
function shareOut(server: Server, logger: Logger): void {
  const connections = new ConnectionShares(shares);
  server.on('connection', (socket: Socket) => {
    const { remoteAddress = 'unknown', localAddress } = socket;
    if (remoteAddress === localAddress) return;
    const giveBack = connections.take(remoteAddress);
    if (giveBack) socket.once('close', giveBack);
    else {
      logger.debug({ remoteAddress }, 'a connection was refused: there are too many');
      socket.destroy();
    }
  });
}

function listen(server: Server, { host, port }: ServeOptions): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const fail = (error: NodeJS.ErrnoException) => reject(listenFailure(error, host, port));
  server.once('error', fail);
  server.listen(port, host, () => {
    server.off('error', fail);
    const address = server.address();
    resolve(typeof address === 'object' && address !== null ? address.port : port);
  });
  return promise;
}

function listenFailure(cause: NodeJS.ErrnoException, host: string, port: number): Failure {
  switch (cause.code) {
    case 'EADDRINUSE':
      return new Failure('conflict', `Port ${port} is already used by another program.`, {
        action: 'Stop it, or choose another with --port.',
        cause,
      });
    case 'EACCES':
      return new Failure('forbidden', `Port ${port} may not be used without more rights.`, {
        action: 'Choose one above 1023 with --port.',
        cause,
      });
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new Failure('invalid-input', `${host} is not an address of this machine.`, { action: 'Choose another with --host.', cause });
    default:
      return new Failure('unavailable', `Port ${port} cannot be opened.`, { cause });
  }
}

/** A viewer that did not answer the last ping is gone, or does not read: its connection is cut. */
async function pingUntilAborted(sockets: WebSocketServer, clock: Clock, signal: AbortSignal): Promise<void> {
  const awaited = new WeakSet<WebSocket>();
  sockets.on('connection', (socket) => {
    socket.on('pong', () => awaited.delete(socket));
  });
  try {
    for (;;) {
      await clock.sleep(pingEveryMs, signal);
      for (const socket of sockets.clients) {
        if (awaited.has(socket)) socket.terminate();
        else {
          awaited.add(socket);
          socket.ping();
        }
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

async function close(server: Server, sockets: WebSocketServer, clock: Clock): Promise<void> {
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeIdleConnections();
  for (const socket of sockets.clients) socket.close(goingAway, 'the device stops');
  const parted = new AbortController();
  const cut = clock
    .sleep(partingMs, parted.signal)
    .then(() => {
      for (const socket of sockets.clients) socket.terminate();
      server.closeAllConnections();
    })
    .catch(() => undefined);
  await closed;
  parted.abort();
  await cut;
}
