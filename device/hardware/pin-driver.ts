import { Failure } from '#device/kernel/failure.ts';

/** A way to the pins of one chip. Lines count from 0 on that chip; `active` is what the sensor means, whichever level the wire has. */
export interface PinDriver {
  readonly through: 'sysfs' | 'gpiod';
  readonly chip: string;
  /** Lines that somebody else has, with the kernel's word for who. */
  owners(): Promise<ReadonlyMap<number, string>>;
  /** Tells every change; bouncing is the caller's to deal with. Rejects with a Failure. */
  openInput(line: number, options: { activeLow: boolean }, changed: (active: boolean) => void): Promise<OpenInput>;
  /** Begins off. Rejects with a Failure. */
  openOutput(line: number, options: { activeLow: boolean }): Promise<OpenOutput>;
}

export interface OpenInput {
  /** As it is when it is asked, or as told last. */
  active(): boolean;
  /** Rejects when it can no longer be watched; never resolves before it is closed. */
  readonly lost: Promise<never>;
  close(): Promise<void>;
}

export interface OpenOutput {
  set(on: boolean): Promise<void>;
  /**
   * Leaves it off. Unless the pin is given back it stays driven where the way allows: a line that is let go may float or be pulled,
   * and a siren that is on while its wire is low would sound at every restart.
   */
  close(options: { giveBack: boolean }): Promise<void>;
}

/** Answers null when this way does not exist on this machine. */
export type PinDriverOpener = () => Promise<PinDriver | null>;

/** What the kernel's refusal means to a person. */
export function pinFailure(line: number, cause: unknown): Failure {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (code === 'EBUSY') {
    return new Failure('conflict', `GPIO${line} is taken by the kernel or by another program.`, {
      action: 'Use another pin, or switch off what uses it in config.txt.',
      cause,
    });
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return new Failure('unavailable', `GPIO${line} may not be used by this program.`, {
      action: 'Run it as root; in a container, as a privileged one.',
      cause,
    });
  }
  return new Failure('unavailable', `GPIO${line} cannot be used.`, { action: 'Look into the log for why; try another pin.', cause });
}
