import { z } from 'zod';
import type { KeptText } from './kept-text.ts';

const wordsSchema = z.object({
  reason: z.string().max(1_000),
  wallMs: z.number(),
  /** How many times in a row it ended itself, this one included. */
  streak: z.number().int().min(1),
  /** A later start has told it. */
  told: z.boolean(),
});
type Words = z.infer<typeof wordsSchema>;

/** Ends further apart than this have nothing to do with one another. */
const sameTroubleMs = 3_600_000;
/** Ending the program did not help this often: then the machine is to begin anew. */
const rebootEvery = 3;

/** Why the device ended itself, for the next start. */
export class LastWords {
  readonly #kept: KeptText;
  readonly #wallMs: () => number;
  #before: Words | null = null;

  constructor(kept: KeptText, wallMs: () => number) {
    this.#kept = kept;
    this.#wallMs = wallMs;
  }

  /** What the run before left, once; null when it ended as it should. */
  async take(): Promise<string | null> {
    this.#before = await this.#read();
    if (!this.#before || this.#before.told) return null;
    this.#before = { ...this.#before, told: true };
    // Where it cannot be noted it is told again, which is better than not to start.
    await this.#kept.write(format(this.#before)).catch(() => {});
    return this.#before.reason;
  }

  /** What would be left if it ended now for this reason. Call after `take`. */
  next(reason: string): { text: string; wantsReboot: boolean } {
    const wallMs = this.#wallMs();
    const isSame = this.#before !== null && Math.abs(wallMs - this.#before.wallMs) < sameTroubleMs;
    const streak = isSame && this.#before ? this.#before.streak + 1 : 1;
    return { text: format({ reason, wallMs, streak, told: false }), wantsReboot: streak % rebootEvery === 0 };
  }

  /** Answers whether ending the program alone has been tried often enough. */
  async leave(reason: string): Promise<{ wantsReboot: boolean }> {
    const { text, wantsReboot } = this.next(reason);
    await this.#kept.write(text);
    return { wantsReboot };
  }

  async #read(): Promise<Words | null> {
    try {
      return wordsSchema.parse(JSON.parse((await this.#kept.read()) ?? ''));
    } catch {
      return null;
    }
  }
}

function format(words: Words): string {
  return `${JSON.stringify(words)}\n`;
}
