import type { HealthCheck } from '#device/contract/contract.ts';
import type { Clock } from '#device/kernel/clock.ts';
import { every } from '#device/kernel/every.ts';
import { Failure } from '#device/kernel/failure.ts';
import type { Logger } from '#device/kernel/logger.ts';
import type { LastWords } from './last-words.ts';
import type { JournalPort } from './ports.ts';
import { ProofOfWork, type Work } from './proof-of-work.ts';
import type { WatchdogState } from './self-watch.ts';

const beatMs = 5_000;

export interface HeartDeps {
  clock: Clock;
  logger: Logger;
  journal: JournalPort;
  words: LastWords;
  watch: { prove(): void; ending(): void; stop(): Promise<void>; readonly device: WatchdogState };
  /** Answers at once: a look that hangs would be one more thing to watch. */
  cameras(): Work['cameras'];
  storageProblem(): boolean;
  /** Asks the storage for something; may take as long as it likes. */
  askStorage(): Promise<unknown>;
}

/** Proves every few seconds that the device works, and ends it when it does not. */
export class Heart {
  readonly #deps: HeartDeps;
  readonly #proof = new ProofOfWork();
  #storageAnsweredMs: number;
  #isAsking = false;
  #ended: { before: string | null; wantsReboot: boolean } = { before: null, wantsReboot: false };

  constructor(deps: HeartDeps) {
    this.#deps = deps;
    this.#storageAnsweredMs = deps.clock.boot();
  }

  /** The run before ended itself, for this reason. */
  tell(reason: string): void {
    const { journal, logger } = this.#deps;
    this.#ended = { before: reason, wantsReboot: false };
    logger.error({ reason }, 'the run before ended itself');
    journal.record({ kind: 'device.wedged', cameraId: null, message: `The device had to start anew. ${reason}` });
  }

  /** Until aborted. Rejects when work is no longer proven: whoever runs it is to end the program. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, watch } = this.#deps;
    this.#storageAnsweredMs = clock.boot();
    await every(clock, beatMs, signal, async () => {
      this.#askStorage();
      const verdict = this.#proof.judge({
        bootMs: clock.boot(),
        cameras: this.#deps.cameras(),
        storage: { answeredBootMs: this.#storageAnsweredMs, hasProblem: this.#deps.storageProblem() },
      });
      if (verdict.proven) watch.prove();
      else await this.#giveUp(verdict.reason);
    });
  }

  /** The last thing that happens. After the program ended itself in vain several times, the machine's watchdog is left to bite. */
  async close(): Promise<void> {
    if (!this.#ended.wantsReboot) await this.#deps.watch.stop();
  }

  checks(): HealthCheck[] {
    const { device } = this.#deps.watch;
    const messages: Record<WatchdogState, string> = {
      none: 'The program watches itself; the watchdog of the machine is not used.',
      fed: 'The program watches itself, and the watchdog of the machine watches the program.',
      refused: 'The watchdog of the machine is not there or in use by another program; the program watches itself.',
    };
    const watched: HealthCheck = { id: 'heart.watchdog', level: 'ok', message: messages[device] };
    if (this.#ended.before === null) return [watched];
    const message = `The device ended itself and started anew. ${this.#ended.before}`;
    return [
      watched,
      { id: 'heart.wedged', level: 'warning', message, action: 'If it happens again, look at the camera, disk or card named.' },
    ];
  }

  #askStorage(): void {
    if (this.#isAsking) return;
    this.#isAsking = true;
    this.#deps
      .askStorage()
      // An error is an answer too: what it means is for others to tell.
      .catch(() => {})
      .finally(() => {
        this.#isAsking = false;
        this.#storageAnsweredMs = this.#deps.clock.boot();
      });
  }

  async #giveUp(reason: string): Promise<never> {
    const { clock, logger, watch, words } = this.#deps;
    logger.error({ reason }, 'the device no longer works and ends itself');
    // From here on the end comes within a bounded time, whatever still hangs.
    watch.ending();
    const patience = new AbortController();
    const left = words.leave(reason).catch((error: unknown) => {
      logger.error({ err: error }, 'the reason could not be written down');
      return { wantsReboot: false };
    });
    const late = clock.sleep(beatMs, patience.signal).then(
      () => ({ wantsReboot: false }),
      () => ({ wantsReboot: false }),
    );
    this.#ended = { ...this.#ended, ...(await Promise.race([left, late])) };
    patience.abort();
    throw new Failure('internal', `The device no longer works: ${reason}`, { action: 'It starts anew by itself.' });
  }
}
