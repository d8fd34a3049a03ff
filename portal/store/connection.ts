import { type Signal, signal } from '@preact/signals';
import { readStreamMessage, type StreamMessage, streamMessageTypes } from '../api/api.ts';
import { backoffMs } from './backoff.ts';
import type { Clock } from './clock.ts';

export interface ConnectionState {
  phase: 'idle' | 'connecting' | 'open' | 'lost';
  /** When it was last known to be good, steady milliseconds; null before the first time. */
  goodAtMs: number | null;
  /** When the next try begins, steady milliseconds. */
  retryAtMs: number | null;
}

/** The part of EventSource that is used. */
export interface MessageSource {
  addEventListener(type: string, listener: (event: { data?: unknown }) => void): void;
  close(): void;
}

interface ConnectionDeps {
  open: () => MessageSource;
  clock: Clock;
  random: () => number;
  onMessage: (message: StreamMessage) => void;
  /** After each (re)connection: whatever was missed has to be loaded. */
  onOpen: () => void;
  /** The stream cannot be opened: whoever knows the session looks whether it has ended. */
  onLost: () => void;
}

/** The stream of what happens on the device. EventSource's own reconnection gives up on errors and has no back-off, so it is not used. */
export const createConnection = ({ open, clock, random, onMessage, onOpen, onLost }: ConnectionDeps) => {
  const state: Signal<ConnectionState> = signal({ phase: 'idle', goodAtMs: null, retryAtMs: null });
  let source: MessageSource | null = null;
  let cancelRetry: (() => void) | null = null;
  let attempt = 0;

  const drop = () => {
    source?.close();
    source = null;
    cancelRetry?.();
    cancelRetry = null;
  };

  const connect = () => {
    drop();
    const mine = open();
    source = mine;
    if (state.value.phase !== 'lost') state.value = { ...state.value, phase: 'connecting', retryAtMs: null };
    else state.value = { ...state.value, retryAtMs: null };
    mine.addEventListener('open', () => {
      if (source !== mine) return;
      attempt = 0;
      state.value = { phase: 'open', goodAtMs: clock.steadyMs(), retryAtMs: null };
      onOpen();
    });
    mine.addEventListener('error', () => {
      if (source !== mine) return;
      lost();
    });
    listen(mine, (message) => source === mine && onMessage(message));
  };

  const lost = () => {
    drop();
    const delay = backoffMs(attempt, random);
    attempt += 1;
    const now = clock.steadyMs();
    const goodAtMs = state.value.phase === 'open' ? now : state.value.goodAtMs;
    state.value = { phase: 'lost', goodAtMs, retryAtMs: now + delay };
    cancelRetry = clock.after(delay, connect);
    onLost();
  };

  return {
    state,
    start: connect,
    retryNow: () => {
      attempt = 0;
      connect();
    },
    stop: () => {
      drop();
      attempt = 0;
      state.value = { phase: 'idle', goodAtMs: null, retryAtMs: null };
    },
  };
};

const listen = (source: MessageSource, onMessage: (message: StreamMessage) => void) => {
  for (const type of streamMessageTypes) {
    source.addEventListener(type, ({ data }) => {
      const message = typeof data === 'string' ? readStreamMessage(data) : null;
      if (message) onMessage(message);
    });
  }
};
