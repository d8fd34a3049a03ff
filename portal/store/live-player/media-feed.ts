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
  const waiting: ArrayBuffer[] = [];
  let waitingBytes = 0;
  let buffer: SourceBuffer | null = null;
  let isClosed = false;

  const close = () => {
    if (isClosed) return;
    isClosed = true;
    URL.revokeObjectURL(address);
    waiting.length = 0;
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
  const follow = () => {
    const step = nextStep(picture());
    if (step.kind === 'jump') video.currentTime = step.to;
    if (step.kind === 'rate') video.playbackRate = step.rate;
    if (video.paused && !document.hidden) video.play().catch((cause: unknown) => void (isNotAllowed(cause) && on.blocked()));
  };
  const pump = () => {
    if (isClosed || !buffer || buffer.updating) return;
    try {
      const trim = trimOf(picture());
      const next = trim ? undefined : waiting.shift();
      if (trim) buffer.remove(trim.start, trim.end);
      if (next) {
        waitingBytes -= next.byteLength;
        buffer.appendBuffer(next);
      }
    } catch {
      fail();
    }
  };

  media.addEventListener('sourceopen', () => {
    if (isClosed || buffer) return;
    try {
      buffer = media.addSourceBuffer(mime);
      buffer.mode = 'segments';
      buffer.addEventListener('updateend', () => {
        if (isClosed) return;
        follow();
        pump();
      });
      buffer.addEventListener('error', fail);
      pump();
    } catch {
      fail();
    }
  });
  video.disableRemotePlayback = true;
  video.src = address;

  return {
    append: (bytes) => {
      waiting.push(bytes);
      waitingBytes += bytes.byteLength;
      if (waitingBytes > mostWaitingBytes) fail();
      else pump();
    },
    picture,
    close,
  };
};

const isNotAllowed = (cause: unknown): boolean => cause instanceof DOMException && cause.name === 'NotAllowedError';
