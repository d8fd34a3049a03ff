interface Holder {
  /** Asked to give it up as soon as it can. */
  wanted(): void;
}

/** A sensor serves one program at a time: whoever needs it waits for its turn, and who has it is told that somebody waits. */
export class SensorTurns {
  #holder: Holder | null = null;
  #waiting: (() => void)[] = [];

  /** Resolves with what gives the sensor back; rejects with the signal's reason when it is aborted before. */
  async take(signal: AbortSignal, wanted: () => void = () => {}): Promise<() => void> {
    signal.throwIfAborted();
    while (this.#holder) {
      this.#holder.wanted();
      await this.#turn(signal);
    }
    const holder = { wanted };
    this.#holder = holder;
    return () => {
      if (this.#holder !== holder) return;
      this.#holder = null;
      this.#waiting.shift()?.();
    };
  }

  #turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        this.#waiting = this.#waiting.filter((other) => other !== wake);
        reject(signal.reason);
      };
      const wake = (): void => {
        signal.removeEventListener('abort', abort);
        resolve();
      };
      this.#waiting.push(wake);
      signal.addEventListener('abort', abort, { once: true });
    });
  }
}
