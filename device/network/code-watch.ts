import { decodeQR } from 'qr/decode.js';
import type { JoinNetwork } from '#device/contract/contract.ts';
import type { Clock } from '#device/kernel/clock.ts';
import type { Logger } from '#device/kernel/logger.ts';
import type { LumaPicture } from '#device/media/packet.ts';
import { readWifiCode } from './wifi-code.ts';

const lookEveryMs = 3000;
/** A code that did not lead to a network is not tried again while it is still being held there. */
const repeatMs = 120_000;
/** Of one picture, beyond what the decoder does in any case: 17 to 66 ms were measured for a whole one. */
const searchMs = 100;
const largestPixels = 4_000_000;

export interface CodeWatchOptions {
  clock: Clock;
  logger: Logger;
  /** Pictures are made only while it says so. */
  isNeeded(): boolean;
  /** One large picture of what some camera sees now, another camera each time; null when none sees anything. */
  picture(signal: AbortSignal): Promise<LumaPicture | null>;
  /** Resolves when it is known whether that worked. */
  join(network: JoinNetwork): Promise<void>;
  /** A code was read, and what it was. */
  onCode(words: string): void;
}

/** The text of a QR code somewhere in the picture; null when there is none that can be read. */
export function codeIn({ width, height, luma }: Pick<LumaPicture, 'width' | 'height' | 'luma'>): string | null {
  if (width * height > largestPixels) return null;
  try {
    return decodeQR({ width, height, data: luma }, { format: 'I420', timeLimit: searchMs });
  } catch {
    // How the decoder says that it found nothing.
    return null;
  }
}

/** Looks for the code of a Wi-Fi network that somebody holds before a lens, so that a device without a network is given one. */
export class CodeWatch {
  readonly #options: CodeWatchOptions;
  #last: { text: string; bootMs: number } | null = null;

  constructor(options: CodeWatchOptions) {
    this.#options = options;
  }

  /** Until aborted. Never throws. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, logger, isNeeded } = this.#options;
    while (!signal.aborted) {
      await clock.sleep(lookEveryMs, signal).catch(() => {});
      if (signal.aborted || !isNeeded()) continue;
      await this.#look(signal).catch((error: unknown) => logger.debug({ err: error }, 'no picture could be looked at for a code'));
    }
  }

  async #look(signal: AbortSignal): Promise<void> {
    const { clock, picture, join, onCode, logger } = this.#options;
    const seen = await picture(signal);
    const text = seen && codeIn(seen);
    if (!text) return;
    const code = readWifiCode(text);
    const isOld = this.#last?.text === text && clock.boot() - this.#last.bootMs < repeatMs;
    if (!code || isOld) return;
    this.#last = { text, bootMs: clock.boot() };
    if (code.kind === 'unusable') {
      onCode(`A Wi-Fi code was held before a camera, but ${code.reason}.`);
      return;
    }
    logger.info({ ssid: code.network.ssid }, 'a camera read the code of a Wi-Fi network');
    onCode(`The code of the Wi-Fi “${code.network.ssid}” was held before a camera.`);
    await join(code.network);
    this.#last = { text, bootMs: clock.boot() };
  }
}
