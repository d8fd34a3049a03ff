import type { OpenInput, OpenOutput, PinDriver } from '#device/hardware/pin-driver.ts';

/** A chip with lines that a test drives and reads: what wires do, without a kernel. Wire levels, not meanings. */
export class FakePins implements PinDriver {
  readonly through = 'sysfs';
  readonly chip = 'pinctrl-bcm2711';
  readonly taken = new Map<number, string>();
  /** Lines whose opening throws this. */
  readonly refusals = new Map<number, Error>();
  readonly wires = new Map<number, boolean>();
  readonly open = new Set<number>();
  readonly #watchers = new Map<number, (high: boolean) => void>();
  readonly #breakers = new Map<number, (error: Error) => void>();

  async owners(): Promise<ReadonlyMap<number, string>> {
    return this.taken;
  }

  async openInput(line: number, { activeLow }: { activeLow: boolean }, changed: (active: boolean) => void): Promise<OpenInput> {
    this.#take(line);
    const { promise: lost, reject } = Promise.withResolvers<never>();
    lost.catch(() => {});
    this.#watchers.set(line, (high) => changed(high !== activeLow));
    this.#breakers.set(line, reject);
    return {
      active: () => (this.wires.get(line) ?? activeLow) !== activeLow,
      lost,
      close: async () => {
        this.open.delete(line);
        this.#watchers.delete(line);
      },
    };
  }

  async openOutput(line: number, { activeLow }: { activeLow: boolean }): Promise<OpenOutput> {
    this.#take(line);
    this.wires.set(line, activeLow);
    return {
      set: async (on) => {
        const refusal = this.refusals.get(line);
        if (refusal) throw refusal;
        this.wires.set(line, on !== activeLow);
      },
      close: async ({ giveBack }) => {
        this.wires.set(line, activeLow);
        if (giveBack) this.open.delete(line);
      },
    };
  }

  /** The wire changes. */
  drive(line: number, high: boolean): void {
    this.wires.set(line, high);
    this.#watchers.get(line)?.(high);
  }

  breakWatch(line: number, error: Error): void {
    this.#breakers.get(line)?.(error);
  }

  #take(line: number): void {
    const refusal = this.refusals.get(line);
    if (refusal) throw refusal;
    this.open.add(line);
  }
}
