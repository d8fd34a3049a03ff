import type { HealthCheck, LastUpdate } from '#device/contract/contract.ts';
import type { Clock } from '#device/kernel/clock.ts';
import type { Logger } from '#device/kernel/logger.ts';
import type { RecordStore, Refusal, Release, ReleaseRecord, Verdict } from './release-record.ts';
import {
  afterFailure,
  afterIdentified,
  afterPassed,
  afterRecovery,
  afterStart,
  isSame,
  judge,
  missingIn,
  readyIn,
  type Sight,
  type Situation,
  type StorageSight,
  situationOf,
  trialMs,
  unprovedIn,
} from './release-trial.ts';
import { failedMessage, lastUpdateOf, passedMessage, recoveredMessage, releaseCheck, versionRefused } from './release-words.ts';
import type { ReleaseStory } from './updates.ts';
import { type ReleaseControl, WayBack } from './way-back.ts';

/** What the gate must see to believe in a release. */
export interface CamerasAtWork {
  /** Ids of the cameras that are to record, now or when something moves; of those `before` also the ones that this release cannot make out. */
  expected(before: readonly string[]): string[];
  /** Those of which video of this start is on the disk, or that stand ready where they are not to record now. */
  recording(): string[];
  /** Those of which pictures come. */
  pictured(): string[];
  storage(): Promise<StorageSight>;
  /** Lets one that stands ready show that it can record. */
  prove(id: string): void;
  nameOf(id: string): string;
  /** Whether somebody who asks the portal is answered. */
  isServing(): Promise<boolean>;
}

export interface Happening {
  kind: 'update.worked' | 'update.failed' | 'update.rolled-back';
  message: string;
}

interface GateDeps {
  clock: Clock;
  logger: Logger;
  store: RecordStore;
  release: Release;
  bootId: string;
  random: () => number;
  /** null where no fleet gives this device its releases. */
  control: ReleaseControl | null;
  /** Asks the host to do now what the fleet wants. */
  hasten(): Promise<void>;
}

const tickMs = 5_000;
/** A camera that does not record by itself within this is asked to show that it can. */
const proveAfterMs = 20_000;
const steadyTickMs = 30_000;
/** The list of cameras is written no more often: it wears the medium. Nor is it emptied for a storage that fails for less. */
const rewriteMs = 600_000;
const lastWordMs = 60_000;

/** Opened before anything else, so that a release that breaks everything else is still taken back. */
export async function openReleaseGate(deps: GateDeps): Promise<ReleaseGate> {
  const before = await deps.store.read();
  const gate = new ReleaseGate(deps, before);
  await gate.begin();
  return gate;
}

/** Watches over a new release, takes it back when it does not do what the one before did, and tells. Never throws what others throw. */
export class ReleaseGate implements ReleaseStory {
  readonly #deps: GateDeps;
  readonly #startedBootMs: number;
  readonly #proved = new Set<string>();
  readonly #wayBack: WayBack | null;
  readonly #happenings: Happening[] = [];
  #listener: (happening: Happening) => void = (happening) => {
    this.#happenings.push(happening);
  };
  #record: ReleaseRecord;
  #work: CamerasAtWork | null = null;
  #release: Release;
  #failsSinceBootMs: number | null = null;
  #writtenBootMs = Number.NEGATIVE_INFINITY;
  #trialBootMs: number;
  #changing: Promise<void> = Promise.resolve();

  constructor(deps: GateDeps, record: ReleaseRecord) {
    this.#deps = deps;
    this.#record = record;
    this.#release = deps.release;
    this.#startedBootMs = deps.clock.boot();
    this.#trialBootMs = this.#startedBootMs;
    this.#wayBack = deps.control && new WayBack({ ...deps, control: deps.control });
  }

  begin(): Promise<void> {
    return this.#become((record) => afterStart(record, this.#start()), { always: true });
  }

  get situation(): Situation {
    return situationOf(this.#record);
  }

  lastUpdate(): LastUpdate | null {
    return lastUpdateOf(this.#record);
  }

  refusedVersion(): string | null {
    return versionRefused(this.#record);
  }

  checks(): HealthCheck[] {
    return [releaseCheck(this.#record)];
  }

  /** From now on there are cameras to look at. */
  watch(work: CamerasAtWork): void {
    this.#work = work;
  }

  /** Hears what happened before, too. One listener. */
  onHappening(listener: (happening: Happening) => void): void {
    this.#listener = listener;
    for (const happening of this.#happenings.splice(0)) listener(happening);
  }

  async identified(commit: string): Promise<void> {
    if (this.#release.commit === commit) return;
    const { trial } = this.#record;
    this.#release = { ...this.#release, commit };
    await this.#become((record) => afterIdentified(record, { ...this.#start(), release: { ...this.#release, commit } }));
    if (!trial && this.#record.trial) this.#trialBootMs = this.#deps.clock.boot();
  }

  async tryAgain(): Promise<void> {
    const { refusal } = this.#record;
    if (!refusal || this.situation !== 'steady') return;
    if (refusal.isPinned) await this.#deps.control?.track();
    await this.#become((record) => ({ ...record, refusal: null }));
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#tick().catch((error: unknown) => this.#deps.logger.error({ err: error }, 'the watch over the release stumbled'));
      await this.#deps.clock.sleep(this.situation === 'steady' ? steadyTickMs : tickMs, signal).catch(() => {});
    }
    await this.#changing;
  }

  /** The program is about to end because it cannot go on: what must be asked of the fleet is asked before. */
  async lastWord(): Promise<void> {
    const { clock } = this.#deps;
    const untilBootMs = clock.boot() + lastWordMs;
    while (this.situation === 'going-back' && !this.#record.refusal?.isPinned && clock.boot() < untilBootMs) {
      await this.#goBack();
      if (!this.#record.refusal?.isPinned) await clock.sleep(tickMs);
    }
  }

  async #tick(): Promise<void> {
    switch (this.situation) {
      case 'trial':
        return this.#observe();
      case 'going-back':
        return this.#goBack();
      case 'steady':
        await this.#keepCameras();
        return this.#followFleet();
    }
  }

  async #observe(): Promise<void> {
    const { trial } = this.#record;
    if (!trial) return;
    const sight = await this.#sight();
    if (sight.forMs >= proveAfterMs) this.#askForProof(trial.cameras, sight);
    const judgement = judge(trial, sight);
    if (judgement.kind === 'passed') {
      await this.#become((record) => afterPassed(record, passedMessage(trial.cameras.length, judgement.isProved)));
    } else if (judgement.kind === 'failed') {
      const message = failedMessage(
        judgement.missing.map((id) => this.#work?.nameOf(id) ?? id),
        judgement.isServing,
      );
      await this.#become((record) => afterFailure(record, message, this.#deps.control !== null));
    }
  }

  #askForProof(cameras: readonly string[], sight: Sight): void {
    const ready = new Set(readyIn(sight));
    for (const id of missingIn(cameras, sight)) {
      if (!ready.has(id) || this.#proved.has(id)) continue;
      this.#proved.add(id);
      this.#work?.prove(id);
    }
  }

  async #sight(): Promise<Sight> {
    const work = this.#work;
    // What has not come so far as to have cameras misses all of them.
    const before = this.#record.trial?.cameras ?? this.#record.cameras;
    const expected = work?.expected(before) ?? before;
    return {
      forMs: this.#deps.clock.boot() - this.#trialBootMs,
      expected: new Set(expected),
      recording: new Set(work?.recording() ?? []),
      pictured: new Set(work?.pictured() ?? []),
      storage: (await work?.storage()) ?? 'fails',
      isServing: (await work?.isServing()) === true,
    };
  }

  async #goBack(): Promise<void> {
    const { refusal } = this.#record;
    if (!refusal || refusal.isPinned || (await this.#hasRecovered())) return;
    await this.#wayBack?.goBack(refusal, (change) => this.#refuse(change));
  }

  /** Cameras and fleet may have been out of reach for the same reason: then the release was not to blame. */
  async #hasRecovered(): Promise<boolean> {
    const { cameras } = this.#record;
    if (!this.#work || cameras.length === 0) return false;
    const sight = await this.#sight();
    this.#askForProof(cameras, sight);
    if (!sight.isServing || missingIn(cameras, sight).length > 0) return false;
    const message = recoveredMessage(unprovedIn(cameras, sight).length === 0);
    await this.#become((record) => afterRecovery(record, message));
    return true;
  }

  async #keepCameras(): Promise<void> {
    const { clock } = this.#deps;
    if (!this.#work || clock.boot() - this.#startedBootMs < trialMs || clock.boot() - this.#writtenBootMs < rewriteMs) return;
    const storage = await this.#work.storage();
    this.#failsSinceBootMs = storage === 'fails' ? (this.#failsSinceBootMs ?? clock.boot()) : null;
    if (this.#failsSinceBootMs !== null && clock.boot() - this.#failsSinceBootMs < rewriteMs) return;
    const cameras = readyIn({ storage, pictured: new Set(this.#work.pictured()) }).toSorted();
    if (cameras.join('\n') === this.#record.cameras.join('\n')) return;
    this.#writtenBootMs = clock.boot();
    await this.#become((record) => ({ ...record, cameras }));
  }

  async #followFleet(): Promise<void> {
    const { refusal } = this.#record;
    if (!refusal || !(await this.#wayBack?.follow(refusal))) return;
    await this.#become((record) => ({ ...record, refusal: null }));
  }

  #refuse(change: Partial<Refusal>): Promise<void> {
    return this.#become((record) => (record.refusal ? { ...record, refusal: { ...record.refusal, ...change } } : record));
  }

  #start() {
    const { clock, bootId, control } = this.#deps;
    return { release: this.#release, bootId, wallMs: clock.wall(), canGoBack: control !== null };
  }

  /** One change after the other; a disk that takes nothing costs the memory of it, not the change. */
  #become(next: (record: ReleaseRecord) => ReleaseRecord, { always = false } = {}): Promise<void> {
    this.#changing = this.#changing.then(async () => {
      const before = this.#record;
      const after = next(before);
      if (after === before && !always) return;
      this.#record = after;
      await this.#deps.store
        .write(after)
        .catch((error: unknown) => this.#deps.logger.error({ err: error }, 'the release could not be remembered'));
      this.#tell(before, after);
    });
    return this.#changing;
  }

  #tell({ verdict: before }: ReleaseRecord, after: ReleaseRecord): void {
    const { verdict } = after;
    if (!verdict || (verdict.outcome === before?.outcome && isSame(verdict.to, before.to))) return;
    this.#listener(happeningOf(verdict, lastUpdateOf(after)?.action ?? ''));
  }
}

function happeningOf(verdict: Verdict, action: string): Happening {
  const update = `Update from ${verdict.from.version} to ${verdict.to.version}`;
  const message = `${verdict.message} ${action}`.trim();
  switch (verdict.outcome) {
    case 'worked':
      return { kind: 'update.worked', message: `${update}: ${message}` };
    case 'rolled-back':
      return { kind: 'update.rolled-back', message: `${update} was taken back: ${message}` };
    default:
      return { kind: 'update.failed', message: `${update} failed: ${message}` };
  }
}
