import { type Signal, signal } from '@preact/signals';
import { type LiveMessage, readLiveMessage } from '../../api/api.ts';
import { backoffMs } from '../backoff.ts';
import type { Clock } from '../clock.ts';
import { behindOf, type PlayerPicture } from './buffer-policy.ts';
import { type AgeFacts, pictureAgeMs } from './picture-age.ts';

export type DetectorView = Extract<LiveMessage, { type: 'motion' }>;

export interface LiveState {
  phase: 'idle' | 'connecting' | 'playing' | 'still';
  /** Why only still pictures: what cannot be played, in the device's or this page's words. */
  stillBecause: { reason: 'no-mse' } | { reason: 'codec'; what: string } | { reason: 'device'; message: string } | null;
  size: { width: number; height: number } | null;
}

export interface LiveSocket {
  close(): void;
}

export interface SocketEvents {
  /** A string or an ArrayBuffer. */
  message: (data: unknown) => void;
  closed: () => void;
}

export interface PlayerFeed {
  append(bytes: ArrayBuffer): void;
  picture(): PlayerPicture;
  close(): void;
}

export interface LivePlayerDeps {
  clock: Clock;
  random: () => number;
  openSocket: (on: SocketEvents) => LiveSocket;
  /** null: the browser has no live video at all. */
  media: { canPlay: (mime: string) => boolean; open: (mime: string, onFailed: () => void) => PlayerFeed } | null;
}

const idle: LiveState = { phase: 'idle', stillBecause: null, size: null };
const nothingSeen = { lastFrameAgeMs: null, toldAtMs: null, arrivedAtMs: null } satisfies Omit<AgeFacts, 'nowMs' | 'behindMs'>;

/** After this long without a word the connection is dead, whatever TCP thinks: the device speaks once a second. */
const silenceMs = 8000;

/** One camera's live picture. `start` and `stop` may be called as often as visibility changes; a stopped player costs nothing. */
export const createLivePlayer = ({ clock, random, openSocket, media }: LivePlayerDeps) => {
  const state: Signal<LiveState> = signal(idle);
  const detector: Signal<DetectorView | null> = signal(null);
  // Not signals: segments come many times a second, and ages are looked at once a second.
  let seen: Omit<AgeFacts, 'nowMs' | 'behindMs'> = nothingSeen;
  let socket: LiveSocket | null = null;
  let feed: PlayerFeed | null = null;
  let cancelWait: (() => void) | null = null;
  let attempt = 0;
  /** A late word of a dropped socket belongs to an older epoch and is ignored. */
  let epoch = 0;

  const set = (change: Partial<LiveState>) => {
    state.value = { ...state.value, ...change };
  };
  const behindMs = (): number | null => {
    const behind = feed ? behindOf(feed.picture()) : null;
    return behind === null ? null : behind * 1000;
  };
  const waitThen = (delayMs: number, act: () => void) => {
    cancelWait?.();
    cancelWait = clock.after(delayMs, act);
  };
  const drop = () => {
    cancelWait?.();
    cancelWait = null;
    const old = socket;
    socket = null;
    epoch += 1;
    old?.close();
    feed?.close();
    feed = null;
  };
  const reconnect = () => {
    drop();
    waitThen(backoffMs(attempt, random, 500, 15_000), connect);
    attempt += 1;
  };
  const still = (because: NonNullable<LiveState['stillBecause']>) => {
    feed?.close();
    feed = null;
    seen = { ...seen, arrivedAtMs: null };
    set({ phase: 'still', stillBecause: because });
  };

  const onInit = (message: Extract<LiveMessage, { type: 'init' }>) => {
    set({ size: { width: message.width, height: message.height } });
    if (!media) return still({ reason: 'no-mse' });
    if (!media.canPlay(message.mime)) return still({ reason: 'codec', what: codecName(message.mime) });
    feed?.close();
    feed = media.open(message.mime, reconnect);
  };
  const onText = (text: string) => {
    const message = readLiveMessage(text);
    if (message?.type === 'init') onInit(message);
    if (message?.type === 'status') seen = { ...seen, lastFrameAgeMs: message.lastFrameAgeMs, toldAtMs: clock.steadyMs() };
    if (message?.type === 'unsupported') still({ reason: 'device', message: message.message });
    if (message?.type === 'motion') detector.value = message;
  };
  const onBytes = (bytes: ArrayBuffer) => {
    if (!feed) return;
    feed.append(bytes);
    attempt = 0;
    seen = { ...seen, arrivedAtMs: clock.steadyMs() };
    if (state.value.phase !== 'playing') set({ phase: 'playing', stillBecause: null });
  };

  const connect = () => {
    drop();
    const mine = epoch;
    if (state.value.phase === 'idle') set({ phase: 'connecting' });
    waitThen(silenceMs, reconnect);
    socket = openSocket({
      message: (data) => {
        if (mine !== epoch) return;
        waitThen(silenceMs, reconnect);
        if (typeof data === 'string') onText(data);
        else if (data instanceof ArrayBuffer) onBytes(data);
      },
      closed: () => {
        if (mine === epoch) reconnect();
      },
    });
  };

  return {
    state,
    start: () => {
      if (!socket && !cancelWait) connect();
    },
    stop: () => {
      drop();
      attempt = 0;
      detector.value = null;
      set({ phase: state.value.phase === 'still' ? 'still' : 'idle' });
    },
    detector,
    /** Of the picture that is on the screen; null before the first. */
    pictureAgeMs: (): number | null =>
      seen.arrivedAtMs === null ? null : pictureAgeMs({ ...seen, nowMs: clock.steadyMs(), behindMs: behindMs() }),
  };
};
export type LivePlayer = ReturnType<typeof createLivePlayer>;

const codecName = (mime: string): string => {
  if (/hvc1|hev1/.test(mime)) return 'H.265';
  if (/avc1/.test(mime)) return 'H.264';
  return 'this video';
};
