import { mostWaitingBytes, nextStep, type PlayerPicture, trimOf } from './buffer-policy.ts';

/** The small part that touches MediaSource. One feed is one run: after a failure a fresh one is made. */

type MediaSourceMaker = new () => MediaSource;

const makerOf = (scope: object): MediaSourceMaker | null => {
  for (const name of ['MediaSource', 'ManagedMediaSource'] as const) {
    if (name in scope) {
      const maker = (scope as Record<string, unknown>)[name];
      if (typeof maker === 'function') return maker as MediaSourceMaker;
    }
  }
  return null;
};

export const hasMediaSource = (): boolean => makerOf(globalThis) !== null;

export const canPlay = (mime: string): boolean => {
  const maker = makerOf(globalThis);
  return (
    maker !== null && 'isTypeSupported' in maker && typeof maker.isTypeSupported === 'function' && maker.isTypeSupported(mime) === true
  );
};

const spansOf = (ranges: TimeRanges) =>
  Array.from({ length: ranges.length }, (_, index) => ({ start: ranges.start(index), end: ranges.end(index) }));

export interface MediaFeed {
  append(bytes: ArrayBuffer): void;
  picture(): PlayerPicture;
  close(): void;
}

/** `onFailed` is called at most once; `onBlocked` when the browser wants a person to press play. */
export const openFeed = (video: HTMLVideoElement, mime: string, on: { failed: () => void; blocked: () => void }): MediaFeed => {
  const Maker = makerOf(globalThis);
  if (!Maker) throw new Error('This browser has no MediaSource.');
  const media = new Maker();
  const address = URL.createObjectURL(media);
  const queue = createQueue();
  let buffer: SourceBuffer | null = null;
  let isClosed = false;

  const close = () => {
    if (isClosed) return;
    isClosed = true;
    URL.revokeObjectURL(address);
  };
  const fail = () => {
    if (isClosed) return;
    close();
    on.failed();
  };
  const picture = (): PlayerPicture => ({
    buffered: buffer && media.readyState === 'open' ? spansOf(buffer.buffered) : [],
    currentTime: video.currentTime,
    playbackRate: video.playbackRate,
  });
  const pump = () => {
    if (isClosed || !buffer || buffer.updating) return;
    try {
      const trim = trimOf(picture());
      const next = trim ? undefined : queue.shift();
      if (trim) buffer.remove(trim.start, trim.end);
      if (next) buffer.appendBuffer(next);
    } catch {
      fail();
    }
  };

  whenOpen(media, mime, {
    opened: (opened) => {
      buffer = opened;
      pump();
    },
    updated: () => {
      if (isClosed) return;
      followNow(video, picture(), on.blocked);
      pump();
    },
    failed: fail,
  });
  video.disableRemotePlayback = true;
  video.src = address;

  return {
    append: (bytes) => {
      if (queue.push(bytes)) pump();
      else fail();
    },
    picture,
    close,
  };
};

interface BufferEvents {
  opened: (buffer: SourceBuffer) => void;
  updated: () => void;
  failed: () => void;
}

const whenOpen = (media: MediaSource, mime: string, on: BufferEvents) => {
  const open = () => {
    try {
      const buffer = media.addSourceBuffer(mime);
      buffer.mode = 'segments';
      buffer.addEventListener('updateend', on.updated);
      buffer.addEventListener('error', on.failed);
      on.opened(buffer);
    } catch {
      on.failed();
    }
  };
  media.addEventListener('sourceopen', open, { once: true });
};

/** Keeps the playhead close to now, and moving. */
const followNow = (video: HTMLVideoElement, picture: PlayerPicture, onBlocked: () => void) => {
  const step = nextStep(picture);
  if (step.kind === 'jump') video.currentTime = step.to;
  if (step.kind === 'rate') video.playbackRate = step.rate;
  if (video.paused && !document.hidden) video.play().catch((cause: unknown) => void (isNotAllowed(cause) && onBlocked()));
};

/** Segments that wait to be appended. */
const createQueue = () => {
  const waiting: ArrayBuffer[] = [];
  let sizeBytes = 0;
  return {
    /** False when too much waits. */
    push: (bytes: ArrayBuffer): boolean => {
      waiting.push(bytes);
      sizeBytes += bytes.byteLength;
      return sizeBytes <= mostWaitingBytes;
    },
    shift: (): ArrayBuffer | undefined => {
      const next = waiting.shift();
      sizeBytes -= next?.byteLength ?? 0;
      return next;
    },
  };
};

const isNotAllowed = (cause: unknown): boolean => cause instanceof DOMException && cause.name === 'NotAllowedError';
