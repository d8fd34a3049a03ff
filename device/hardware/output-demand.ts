import type { OutputUse } from '#device/contract/contract.ts';

/** Whether an output is wanted on, and until when: by hand, by a pulse, by cameras that see motion. Pure; times are boot-clock milliseconds. */
export class OutputDemand {
  readonly #use: OutputUse;
  readonly #moving = new Set<string>();
  #byHand = false;
  #pulseUntilMs = Number.NEGATIVE_INFINITY;

  constructor(use: OutputUse) {
    this.#use = use;
  }

  motionBegan(cameraId: string, bootMs: number): void {
    if (!this.#use.cameraIds.includes(cameraId)) return;
    const isFirst = this.#moving.size === 0;
    this.#moving.add(cameraId);
    if (this.#use.mode === 'pulse' && isFirst) this.pulse(bootMs, this.#use.pulseMs);
  }

  motionEnded(cameraId: string): void {
    this.#moving.delete(cameraId);
  }

  switch(on: boolean): void {
    this.#byHand = on;
    // Whoever switches a siren off means it, whatever began it; the next motion may begin it again.
    if (on) return;
    this.#moving.clear();
    this.#pulseUntilMs = Number.NEGATIVE_INFINITY;
  }

  pulse(bootMs: number, lengthMs: number): void {
    this.#pulseUntilMs = Math.max(this.#pulseUntilMs, bootMs + lengthMs);
  }

  isOn(bootMs: number): boolean {
    return this.#byHand || bootMs < this.#pulseUntilMs || (this.#use.mode === 'follow' && this.#moving.size > 0);
  }

  /** When it has to be looked at again though nothing happens; null when nothing runs out. */
  untilMs(bootMs: number): number | null {
    return bootMs < this.#pulseUntilMs ? this.#pulseUntilMs : null;
  }
}
