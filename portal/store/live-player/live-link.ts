import { backoffMs } from '../backoff.ts';
import type { Clock } from '../clock.ts';

export interface LiveSocket {
  close(): void;
}

export interface SocketEvents {
  /** A string or an ArrayBuffer. */
  message: (data: unknown) => void;
  closed: () => void;
}

interface LiveLinkDeps {
  clock: Clock;
  random: () => number;
  openSocket: (on: SocketEvents) => LiveSocket;
  onMessage: (data: unknown) => void;
  /** The connection is gone; what was fed by it is of no use any more. */
  onDrop: () => void;
}

/** After this long without a word the connection is dead, whatever TCP thinks: the device speaks once a second. */
const silenceMs = 8000;

/** A WebSocket that comes back by itself, with growing pauses until `proven` says that a picture came. */
export const createLiveLink = ({ clock, random, openSocket, onMessage, onDrop }: LiveLinkDeps) => {
  let socket: LiveSocket | null = null;
  let cancelWait: (() => void) | null = null;
  let attempt = 0;
  /** A late word of a dropped socket belongs to an older epoch and is ignored. */
  let epoch = 0;

  const waitThen = (delayMs: number, act: () => void) => {
    cancelWait?.();
    cancelWait = clock.after(delayMs, act);
  };
  const drop = () => {
    cancelWait?.();
    cancelWait = null;
    epoch += 1;
    socket?.close();
    socket = null;
    onDrop();
  };
  const reconnect = () => {
    drop();
    waitThen(backoffMs(attempt, random, 500, 15_000), connect);
    attempt += 1;
  };
  const connect = () => {
    drop();
    const mine = epoch;
    waitThen(silenceMs, reconnect);
    socket = openSocket({
      message: (data) => {
        if (mine !== epoch) return;
        waitThen(silenceMs, reconnect);
        onMessage(data);
      },
      closed: () => {
        if (mine === epoch) reconnect();
      },
    });
  };

  return {
    start: () => {
      if (!socket && !cancelWait) connect();
    },
    stop: () => {
      drop();
      attempt = 0;
    },
    reconnect,
    /** The device is known to be there again: a pause that is under way ends now. */
    hurry: () => {
      if (socket || !cancelWait) return;
      attempt = 0;
      connect();
    },
    proven: () => {
      attempt = 0;
    },
  };
};
