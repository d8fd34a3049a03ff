import { Failure } from '#device/kernel/failure.ts';

/** One variable that is set, and the readers of its value. Every Failure names the variable and never repeats its value. */
export interface Variable {
  name: string;
  value: string;
}

/** What a variable or an argument says cannot be used. */
export class UnusableValue extends Failure {
  /** The variable, or the argument. */
  readonly origin: string;

  constructor(origin: string, message: string, options: { action: string | undefined; cause?: unknown }) {
    const { action, cause } = options;
    super('invalid-input', message, { ...(action === undefined ? {} : { action }), cause });
    this.origin = origin;
  }

  /** For whoever is told that it was left aside. */
  get note(): string {
    return `${this.message} What cannot be used is left aside.`;
  }
}

export function wrong({ name }: Variable, expected: string, cause?: unknown): UnusableValue {
  return new UnusableValue(name, `${name} must be ${expected}.`, { action: `Correct ${name} and start again.`, cause });
}

export function asBoolean(variable: Variable): boolean {
  const word = variable.value.toLowerCase();
  if (['true', '1', 'yes', 'on'].includes(word)) return true;
  if (['false', '0', 'no', 'off'].includes(word)) return false;
  throw wrong(variable, 'true or false');
}

export function asNumber(variable: Variable, range: { min: number; max: number; unit: string }): number {
  const number = /^\d+(\.\d+)?$/.test(variable.value) ? Number(variable.value) : Number.NaN;
  if (!(number >= range.min && number <= range.max)) throw wrong(variable, `a number of ${range.unit} from ${range.min} to ${range.max}`);
  return number;
}

export function asInteger(variable: Variable, range: { min: number; max: number; unit: string }): number {
  const number = asNumber(variable, range);
  if (!Number.isInteger(number)) throw wrong(variable, `a whole number of ${range.unit}`);
  return number;
}

export function asOneOf<T extends string>(variable: Variable, words: readonly T[]): T {
  const found = words.find((word) => word === variable.value.toLowerCase());
  if (found === undefined) throw wrong(variable, `one of ${words.join(', ')}`);
  return found;
}

/** The variables of one process start; remembers which of them were asked for. */
export class EnvironmentReader {
  readonly #environment: Readonly<Record<string, string | undefined>>;
  readonly #asked = new Set<string>();

  constructor(environment: Readonly<Record<string, string | undefined>>) {
    this.#environment = environment;
  }

  /** The first of `names` that is set and not empty; `AGENT_…` names fall back to the fleet's `GLOBAL_AGENT_…`. */
  find(...names: string[]): Variable | undefined {
    const candidates = names.flatMap((name) => (name.startsWith('AGENT_') ? [name, `GLOBAL_${name}`] : [name]));
    for (const name of candidates) this.#asked.add(name);
    for (const name of candidates) {
      const value = this.#environment[name]?.trim();
      if (value) return { name, value };
    }
    return undefined;
  }

  /** Names of ours that are set but that nothing asked for. */
  unused(): string[] {
    return Object.entries(this.#environment)
      .filter(([name, value]) => /^(KERBEROS|AGENT|GLOBAL_AGENT)_/.test(name) && value && !this.#asked.has(name))
      .map(([name]) => name);
  }
}
