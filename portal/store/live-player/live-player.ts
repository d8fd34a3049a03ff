import { type Signal, signal } from '@preact/signals';
import { type LiveMessage, readLiveMessage } from '../../api/api.ts';
import type { Clock } from '../clock.ts';
import { behindOf, type PlayerPicture } from './buffer-policy.ts';
import { createLiveLink, type LiveSocket, type SocketEvents } from './live-link.ts';
import { type AgeFacts, pictureAgeMs } from './picture-age.ts';

export type DetectorView = Extract<LiveMessage, { type: 'motion' }>;

export interface LiveState {
  phase: 'idle' | 'connecting' | 'playing' | 'still';
  /** Why only still pictures: what cannot be played, in the device's or this page's words. */
  stillBecause: { reason: 'no-mse' } | { reason: 'codec'; what: string } | { reason: 'device'; message: string } | null;
  size: { width: number; height: number } | null;
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

/** One camera's live picture. `start` and `stop` may be called as often as visibility changes; a stopped player costs nothing. */
export const createLivePlayer = ({ clock, random, openSocket, media }: LivePlayerDeps) => {
  const state: Signal<LiveState> = signal(idle);
  const { detector, show } = createDetectorView();
  const seen = createSeen(clock);
  const slot = createFeedSlot();

  const set = (change: Partial<LiveState>) => {
    state.value = { ...state.value, ...change };
  };
  const still = (because: NonNullable<LiveState['stillBecause']>) => {
    slot.put(null);
    seen.forgetArrival();
    set({ phase: 'still', stillBecause: because });
  };

  const onInit = (message: Extract<LiveMessage, { type: 'init' }>) => {
    set({ size: { width: message.width, height: message.height } });
    if (!media) return still({ reason: 'no-mse' });
    if (!media.canPlay(message.mime)) return still({ reason: 'codec', what: codecName(message.mime) });
    slot.put(media.open(message.mime, () => link.reconnect()));
  };
  const onBytes = (bytes: ArrayBuffer) => {
    if (!slot.append(bytes)) return;
    link.proven();
    seen.arrived();
    if (state.value.phase !== 'playing') set({ phase: 'playing', stillBecause: null });
  };

  const link = createLiveLink({
    clock,
    random,
    openSocket,
    onMessage: handing({
      init: onInit,
      status: ({ lastFrameAgeMs }) => seen.told(lastFrameAgeMs),
      unsupported: ({ message }) => still({ reason: 'device', message }),
      motion: show,
      bytes: onBytes,
    }),
    onDrop: () => slot.put(null),
  });

  return {
    state,
    start: () => {
      link.start();
      if (state.value.phase === 'idle') set({ phase: 'connecting' });
    },
    stop: () => {
      link.stop();
      show(null);
      set({ phase: state.value.phase === 'still' ? 'still' : 'idle' });
    },
    hurry: link.hurry,
    detector,
    /** Of the picture that is on the screen; null before the first. */
    pictureAgeMs: () => seen.ageMs(slot.behind()),
  };
};
export type LivePlayer = ReturnType<typeof createLivePlayer>;

type MessageOf<Type extends LiveMessage['type']> = Extract<LiveMessage, { type: Type }>;

interface Hands {
  init: (message: MessageOf<'init'>) => void;
  status: (message: MessageOf<'status'>) => void;
  unsupported: (message: MessageOf<'unsupported'>) => void;
  motion: (message: MessageOf<'motion'>) => void;
  bytes: (bytes: ArrayBuffer) => void;
}

/** Gives each message to who wants it; what is not understood goes nowhere. */
const handing = (hands: Hands) => (data: unknown) => {
  if (data instanceof ArrayBuffer) hands.bytes(data);
  const message = typeof data === 'string' ? readLiveMessage(data) : null;
  if (message?.type === 'init') hands.init(message);
  if (message?.type === 'status') hands.status(message);
  if (message?.type === 'unsupported') hands.unsupported(message);
  if (message?.type === 'motion') hands.motion(message);
};

const createDetectorView = () => {
  const detector: Signal<DetectorView | null> = signal(null);
  const show = (view: DetectorView | null) => {
    detector.value = view;
  };
  return { detector, show };
};

/** At most one feed at a time; the one before is closed first. */
const createFeedSlot = () => {
  let feed: PlayerFeed | null = null;
  return {
    put: (next: PlayerFeed | null) => {
      feed?.close();
      feed = next;
    },
    /** False: there is no feed, and the bytes are lost. */
    append: (bytes: ArrayBuffer): boolean => {
      feed?.append(bytes);
      return feed !== null;
    },
    /** Seconds behind the newest picture that arrived. */
    behind: (): number | null => (feed ? behindOf(feed.picture()) : null),
  };
};

/** When something was last heard or came. Not signals: segments come many times a second, and ages are looked at once a second. */
const createSeen = (clock: Clock) => {
  let facts: Omit<AgeFacts, 'nowMs' | 'behindMs'> = { lastFrameAgeMs: null, toldAtMs: null, arrivedAtMs: null };
  return {
    told: (lastFrameAgeMs: number | null) => {
      facts = { ...facts, lastFrameAgeMs, toldAtMs: clock.steadyMs() };
    },
    arrived: () => {
      facts = { ...facts, arrivedAtMs: clock.steadyMs() };
    },
    forgetArrival: () => {
      facts = { ...facts, arrivedAtMs: null };
    },
    /** null before the first picture. */
    ageMs: (behindSeconds: number | null): number | null =>
      facts.arrivedAtMs === null
        ? null
        : pictureAgeMs({ ...facts, nowMs: clock.steadyMs(), behindMs: behindSeconds === null ? null : behindSeconds * 1000 }),
  };
};

const codecName = (mime: string): string => {
  if (/hvc1|hev1/.test(mime)) return 'H.265';
  if (/avc1/.test(mime)) return 'H.264';
  return 'this video';
};
