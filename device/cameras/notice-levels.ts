import type { NoticeKind } from '#device/contract/contract.ts';
import type { Notice } from './ports.ts';

/** What is noticed again within this goes on as the same: many cameras say yes and no several times a second. */
const restMs = 3_000;
/** What has no end of its own lasts this long. */
const momentMs = 5_000;
/** What was not heard of for this long is over, whatever the camera forgot to say. Cameras that repeat themselves prolong it. */
const longestMs = 600_000;
/** After the connection is lost; a new subscription tells how things are. */
const unheardMs = 30_000;
const mostSources = 64;

interface NoticeLevelsDeps {
  began(kind: NoticeKind, bootMs: number): void;
  ended(kind: NoticeKind, bootMs: number): void;
}

interface Level {
  /** Until when each of what notices it counts. */
  sources: Map<string, number>;
  /** Since when none does. */
  quietSinceMs: number | null;
}

/** Turns what a camera says into things that begin and end, one of each kind at a time. Pure; times are boot-clock milliseconds. */
export class NoticeLevels {
  readonly #deps: NoticeLevelsDeps;
  readonly #levels = new Map<NoticeKind, Level>();

  constructor(deps: NoticeLevelsDeps) {
    this.#deps = deps;
  }

  get lasting(): readonly NoticeKind[] {
    return [...this.#levels.keys()];
  }

  take({ kind, key, active }: Notice, bootMs: number): void {
    const level = this.#levels.get(kind);
    if (active === false) {
      if (level?.sources.delete(key) && level.sources.size === 0) level.quietSinceMs = bootMs;
      return;
    }
    const untilMs = bootMs + (active === 'moment' ? momentMs : longestMs);
    if (!level) {
      this.#levels.set(kind, { sources: new Map([[key, untilMs]]), quietSinceMs: null });
      this.#deps.began(kind, bootMs);
      return;
    }
    level.quietSinceMs = null;
    if (level.sources.has(key) || level.sources.size < mostSources) level.sources.set(key, untilMs);
  }

  /** Once a second. */
  tick(bootMs: number): void {
    for (const [kind, level] of this.#levels) {
      for (const [key, untilMs] of level.sources) {
        if (untilMs > bootMs) continue;
        level.sources.delete(key);
        if (level.sources.size === 0) level.quietSinceMs = untilMs;
      }
      if (level.quietSinceMs !== null && bootMs - level.quietSinceMs >= restMs) this.#end(kind, level.quietSinceMs);
    }
  }

  lost(bootMs: number): void {
    for (const { sources } of this.#levels.values()) {
      for (const [key, untilMs] of sources) sources.set(key, Math.min(untilMs, bootMs + unheardMs));
    }
  }

  /** Those that are not wanted (any more) end now. */
  stop(bootMs: number, isWanted: (kind: NoticeKind) => boolean = () => false): void {
    for (const [kind, { quietSinceMs }] of this.#levels) if (!isWanted(kind)) this.#end(kind, quietSinceMs ?? bootMs);
  }

  #end(kind: NoticeKind, bootMs: number): void {
    this.#levels.delete(kind);
    this.#deps.ended(kind, bootMs);
  }
}
