/** What a program beside the device said. */
export interface Said {
  status: number;
  output: string;
}

export interface PowerOn {
  /** A volume that was never used, or the one of the time before. */
  data: 'fresh' | 'kept';
  /** How large a fresh volume is. */
  dataMegabytes?: number;
  /** How the volume is given to the device. */
  mounted?: 'writable' | 'read-only' | 'not at all';
  /** Further variables of the container. */
  environment?: Readonly<Record<string, string>>;
}

/** A box to test on. Suites know nothing else of it, so that they are the same for an emulated one and a real one. */
export interface Bench {
  readonly name: string;
  /** What is not the real thing, each with what stands in for it; empty for a real board. */
  readonly emulated: readonly string[];
  /** Why this bench cannot do what a suite needs; null when it can. */
  lacks(need: Need): string | null;
  /** Answers when power is there, not when anything works. */
  powerOn(how: PowerOn): Promise<void>;
  /** At once, like a pulled plug. */
  cutPower(): Promise<void>;
  /** Where the portal is. */
  readonly url: string;
  /** Whom it belongs to, or shall. */
  readonly owner: { username: string; password: string };
  /** Runs a program in the device's container, beside it. */
  run(program: string, ...args: string[]): Promise<Said>;
  /** Makes a volume that was given read-only writable again, as its operating system would. */
  mendVolume(): Promise<void>;
  /** Everything said on the console since power on, last lines last. */
  console(): string;
  /** The end of the bench itself. */
  close(): Promise<void>;
}

export type Need = 'fresh-volume' | 'power-cut' | 'broken-volume' | 'small-volume';
