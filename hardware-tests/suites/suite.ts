import type { Bench, Need } from '../bench/bench.ts';

/** A number that a suite found, for the table. */
export interface Figure {
  what: string;
  value: string;
}

export interface Suite {
  name: string;
  /** What holds when it passes. */
  proves: string;
  needs: readonly Need[];
  /** Throws with what was found otherwise. Reports numbers as it goes. */
  run(bench: Bench, options: SuiteOptions): Promise<void>;
}

export interface SuiteOptions {
  report(what: string, value: string): void;
  say(text: string): void;
  /** How often to do what is done at random. */
  rounds: number;
}

export function must(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(what);
}

/** What is kept on the volume is as it must be. Answers what `check` says of it. */
export async function mustBeSound(bench: Bench): Promise<string> {
  const { status, output } = await bench.run('kerberos', 'check', '--data', '/data');
  must(status === 0, `check finds: ${output}`);
  return output.trim();
}
