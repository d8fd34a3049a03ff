import { open, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from './clock.ts';
import { every } from './every.ts';
import type { Logger } from './logger.ts';
import { volumeOf } from './volume-space.ts';

export interface BallastDeps {
  /** On the volume that may become full. */
  file: string;
  clock: Clock;
  logger: Logger;
}

const leastBytes = 1_048_576;
const mostBytes = 33_554_432;
const shareOfVolume = 0.01;
const pieceBytes = 1_048_576;
const lookIntervalMs = 600_000;

/**
 * Room that nobody else can take. A program that finds its volume full to the last byte cannot even open its databases to make room: it drops
 * its ballast first, and takes it in again when there is room for more than that.
 */
export class Ballast {
  readonly #deps: BallastDeps;

  constructor(deps: BallastDeps) {
    this.#deps = deps;
  }

  /** Before anything is opened: when there is next to no room. */
  async drop(): Promise<void> {
    const { file, logger } = this.#deps;
    const { sizeBytes, freeBytes } = await this.#volume();
    if (freeBytes >= sizeBytes / 2 || (await sizeOf(file)) === 0) return;
    await rm(file);
    logger.warn({ freeBytes, sizeBytes }, 'the volume is full: what was kept for that is given free');
  }

  /** Until the signal is aborted. */
  run(signal: AbortSignal): Promise<void> {
    const { clock, logger } = this.#deps;
    return every(clock, lookIntervalMs, signal, async () => {
      await this.take().catch((error: unknown) => logger.warn({ err: error }, 'no room could be kept for a full volume'));
    });
  }

  async take(): Promise<void> {
    const { file } = this.#deps;
    const { sizeBytes, freeBytes } = await this.#volume();
    const isThere = (await sizeOf(file)) >= sizeBytes;
    if (isThere || freeBytes < sizeBytes * 3) return;
    try {
      await writeZeros(file, sizeBytes);
    } catch (error) {
      await rm(file, { force: true });
      throw error;
    }
  }

  async #volume(): Promise<{ sizeBytes: number; freeBytes: number }> {
    const { totalBytes, freeBytes } = await volumeOf(dirname(this.#deps.file));
    return { sizeBytes: Math.min(mostBytes, Math.max(leastBytes, Math.floor(totalBytes * shareOfVolume))), freeBytes };
  }
}

async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => null))?.size ?? 0;
}

/** Written, not only promised: a file with a hole in it takes no room. */
async function writeZeros(file: string, sizeBytes: number): Promise<void> {
  await using handle = await open(file, 'w', 0o600);
  for (let written = 0; written < sizeBytes; ) {
    const { bytesWritten } = await handle.write(Buffer.alloc(Math.min(pieceBytes, sizeBytes - written)));
    written += bytesWritten;
  }
  await handle.sync();
}
