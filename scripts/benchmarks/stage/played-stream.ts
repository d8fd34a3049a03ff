import type { Socket } from 'node:net';
import { type AccessUnit, accessUnits, nalType } from './access-units.ts';
import { stamp, type WireFrame, wireFrame } from './rtp.ts';

export interface Mount {
  /** Begins with a slash. */
  path: string;
  file: string;
  framesPerSecond: number;
  /** `loop` for ever, or `wait`: repeat the first group of pictures until told to begin, and the last one after the end. */
  play: 'loop' | 'wait';
  /** Cameras are not in step: this one is so many frames ahead of the first. */
  aheadFrames: number;
}

/** A viewer that takes nothing is given nothing more than this. */
const mostWaitingBytes = 8_000_000;

/** One camera: the same frame at the same moment for all who look, as from a real one. Times are milliseconds since 1970. */
export class PlayedStream {
  readonly #mount: Mount;
  readonly #originMs: number;
  readonly #viewers = new Map<Socket, { begun: boolean }>();
  #units: AccessUnit[] = [];
  #frames: WireFrame[] = [];
  #groupFrames = 1;
  #number = 0;
  #sequence = 0;
  #timer: NodeJS.Timeout | null = null;
  /** Number of the frame that was the clip's first; null until then. */
  #begunAt: number | null = null;

  constructor(mount: Mount, originMs: number) {
    this.#mount = mount;
    this.#originMs = originMs;
  }

  /** Reads the file once. Answers parameter sets for the description. */
  async open(): Promise<Buffer[]> {
    if (this.#frames.length === 0) {
      this.#units = await accessUnits(this.#mount.file);
      this.#frames = this.#units.map(wireFrame);
      const second = this.#frames.findIndex((frame, index) => index > 0 && frame.key);
      this.#groupFrames = second < 0 ? this.#frames.length : second;
    }
    return (this.#units[0]?.nals ?? []).filter((nal) => [7, 8].includes(nalType(nal)));
  }

  watch(viewer: Socket): void {
    this.#viewers.set(viewer, { begun: false });
    if (this.#timer) return;
    this.#number = Math.ceil((Date.now() - this.#originMs) / this.#frameMs);
    this.#next();
  }

  leave(viewer: Socket): void {
    this.#viewers.delete(viewer);
    if (this.#viewers.size > 0 || !this.#timer) return;
    clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** The clip goes on from its first group when that has been played to its end. Answers when the clip's second 0 was or will be. */
  begin(): number {
    this.#begunAt ??= this.#number - (this.#number % this.#groupFrames);
    return this.#originMs + this.#begunAt * this.#frameMs;
  }

  get #frameMs(): number {
    return 1000 / this.#mount.framesPerSecond;
  }

  #index(): number {
    const count = this.#frames.length;
    if (this.#mount.play === 'loop') return (this.#number + this.#mount.aheadFrames) % count;
    if (this.#begunAt === null) return this.#number % this.#groupFrames;
    const index = this.#number - this.#begunAt;
    const lastGroup = this.#frames.findLastIndex((frame) => frame.key);
    return index < count ? index : lastGroup + ((index - lastGroup) % (count - lastGroup));
  }

  #next(): void {
    const dueMs = this.#originMs + this.#number * this.#frameMs;
    this.#timer = setTimeout(
      () => {
        this.#send();
        this.#number += 1;
        this.#next();
      },
      Math.max(0, dueMs - Date.now()),
    );
  }

  #send(): void {
    const frame = this.#frames[this.#index()];
    if (!frame) return;
    this.#sequence = stamp(frame, this.#sequence, this.#number * this.#frameMs, 0x10203040);
    for (const [viewer, state] of this.#viewers) {
      state.begun ||= frame.key;
      if (state.begun && viewer.writableLength < mostWaitingBytes) viewer.write(frame.bytes);
    }
  }
}
