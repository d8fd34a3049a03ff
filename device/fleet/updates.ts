import type { HealthCheck, LastUpdate, UpdateStatus } from '#device/contract/contract.ts';
import type { Clock } from '#device/kernel/clock.ts';
import { Failure } from '#device/kernel/failure.ts';
import type { Logger } from '#device/kernel/logger.ts';
import type { HostState, Supervisor } from './supervisor.ts';

/** What is known of the last change of release. */
export interface ReleaseStory {
  lastUpdate(): LastUpdate | null;
  refusedVersion(): string | null;
  /** The owner asks for an update by hand: a release that was refused may be tried again. */
  tryAgain(): Promise<void>;
  /** The host named the release that runs. */
  identified(commit: string): Promise<void>;
}

interface UpdatesDeps {
  clock: Clock;
  logger: Logger;
  /** null where nothing on this machine updates it. */
  supervisor: Supervisor | null;
  version: string;
  story: ReleaseStory;
}

/** Somebody looking at the page asks every few seconds; the host is not asked more often than this. */
const freshMs = 2_000;
const pollMs = 30_000;

/** Releases as the owner sees them, and what the host can be told to do. */
export class Updates {
  readonly #deps: UpdatesDeps;
  #host: HostState | null = null;
  #problem: Failure | null = null;
  #askedBootMs = Number.NEGATIVE_INFINITY;
  #asking: Promise<void> | null = null;
  #release: string | null = null;

  constructor(deps: UpdatesDeps) {
    this.#deps = deps;
  }

  async status(): Promise<UpdateStatus> {
    await this.#look(freshMs);
    const { supervisor, version, story } = this.#deps;
    const state = this.#state();
    return {
      state,
      version,
      release: this.#release,
      progressPercent: state === 'downloading' ? (this.#host?.progressPercent ?? null) : null,
      operatingSystem: this.#host?.operatingSystem ?? null,
      lastUpdate: story.lastUpdate(),
      refusedVersion: story.refusedVersion(),
      canCommand: supervisor !== null,
    };
  }

  /** As last seen: an update is on the device and waits for its moment. */
  get isUpdateWaiting(): boolean {
    return this.#host?.isDownloaded === true;
  }

  async lookForUpdate(): Promise<void> {
    const supervisor = this.#supervisor();
    await this.#deps.story.tryAgain();
    await supervisor.lookForUpdate();
    this.#askedBootMs = Number.NEGATIVE_INFINITY;
  }

  async reboot(): Promise<void> {
    await this.#supervisor().reboot();
  }

  async shutdown(): Promise<void> {
    await this.#supervisor().shutdown();
  }

  async restart(): Promise<void> {
    await this.#supervisor().restart();
  }

  async blink(): Promise<void> {
    await this.#supervisor().blink();
  }

  checks(): HealthCheck[] {
    const id = 'fleet.supervisor';
    if (!this.#deps.supervisor) return [{ id, level: 'ok', message: 'Updates of this device come as a package.' }];
    if (this.#problem) return [{ id, level: 'note', message: this.#problem.message, action: this.#problem.action ?? 'Wait a minute.' }];
    if (this.#host?.hasFailed) {
      return [
        {
          id,
          level: 'note',
          message: 'The last attempt to update did not succeed; it is tried again.',
          action: 'Wait, or look at the network.',
        },
      ];
    }
    return [{ id, level: 'ok', message: 'The system below answers and takes care of updates.' }];
  }

  /** Follows the host, so that a waiting update and the name of the release are known though nobody looks. */
  async run(signal: AbortSignal): Promise<void> {
    if (!this.#deps.supervisor) return;
    while (!signal.aborted) {
      await this.#look(freshMs);
      await this.#deps.clock.sleep(pollMs, signal).catch(() => {});
    }
  }

  #state(): UpdateStatus['state'] {
    if (!this.#deps.supervisor) return 'package';
    if (!this.#host || this.#problem) return 'unknown';
    if (this.#host.progressPercent !== null) return 'downloading';
    return this.#host.isDownloaded || this.#host.isPending ? 'applying' : 'current';
  }

  #supervisor(): Supervisor {
    const { supervisor } = this.#deps;
    if (supervisor) return supervisor;
    throw new Failure('unavailable', 'Nothing on this machine takes such orders from the device.', {
      action: 'Update, restart or reboot it as any other program and machine.',
    });
  }

  async #look(maxAgeMs: number): Promise<void> {
    const { clock, supervisor } = this.#deps;
    if (!supervisor || clock.boot() - this.#askedBootMs < maxAgeMs) return;
    this.#asking ??= this.#ask(supervisor).finally(() => {
      this.#askedBootMs = clock.boot();
      this.#asking = null;
    });
    await this.#asking;
  }

  async #ask(supervisor: Supervisor): Promise<void> {
    try {
      this.#host = await supervisor.state();
      if (this.#problem) this.#deps.logger.info({}, 'the system below answers again');
      this.#problem = null;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (!this.#problem) this.#deps.logger.warn({ reason: error.cause }, error.message);
      this.#problem = error;
      return;
    }
    const { commit } = this.#host;
    if (commit === null) return;
    this.#release = commit;
    await this.#deps.story.identified(commit);
  }
}
