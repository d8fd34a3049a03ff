import type { CameraSource, Discovery, FoundCamera } from '#device/contract/contract.ts';
import type { Clock } from '#device/kernel/clock.ts';
import { Failure } from '#device/kernel/failure.ts';

/** One camera as a finder tells of it. */
export type Finding = Omit<FoundCamera, 'cameraId'> & {
  /** Whether a camera with this source is the one that was found. */
  isSource(source: CameraSource): boolean;
};

/** Knows one kind of camera. Throws a Failure in words when it cannot look for them. */
export interface Finder {
  find(signal: AbortSignal): Promise<Finding[]>;
}

export interface TimedJpeg {
  jpeg: Uint8Array;
  ageMs: number;
}

interface DiscoveryDeps {
  clock: Clock;
  /** Those that look at the device itself: cheap, asked every time. */
  local: readonly Finder[];
  /** Sends something into the network: asked only when somebody wants it. */
  network: Finder;
  cameras(): readonly { id: string; source: CameraSource }[];
  still(source: CameraSource, signal: AbortSignal): Promise<Uint8Array>;
  /** The newest picture of a camera that runs. */
  snapshot(cameraId: string, signal: AbortSignal): Promise<TimedJpeg>;
}

/** What cameras there are, added or not. */
export class CameraDiscovery {
  readonly #deps: DiscoveryDeps;
  #network: { findings: Finding[]; notes: string[]; bootMs: number } | null = null;
  #pictures: Promise<unknown> = Promise.resolve();

  constructor(deps: DiscoveryDeps) {
    this.#deps = deps;
  }

  /** What is on the device now, and what the network answered when it was asked last. */
  async list(signal: AbortSignal): Promise<Discovery> {
    const { findings, notes } = await this.#look(this.#deps.local, signal);
    const network = this.#network;
    return {
      cameras: [...findings, ...(network?.findings ?? [])].map((finding) => this.#describe(finding)),
      notes: [...notes, ...(network?.notes ?? [])],
      networkAskedMsAgo: network === null ? null : Math.round(this.#deps.clock.boot() - network.bootMs),
    };
  }

  /** Asks the network too; that takes some seconds. */
  async search(signal: AbortSignal): Promise<Discovery> {
    const found = await this.#look([this.#deps.network], signal);
    this.#network = { ...found, bootMs: this.#deps.clock.boot() };
    return this.list(signal);
  }

  /** What a found camera sees. One is opened at a time: each takes the bus and the processor for itself. */
  async picture(id: string, signal: AbortSignal): Promise<TimedJpeg> {
    const camera = (await this.list(signal)).cameras.find((candidate) => candidate.id === id);
    if (!camera) throw new Failure('not-found', 'This camera is not there any more.', { action: 'Look for cameras again.' });
    if (camera.cameraId !== null) return this.#deps.snapshot(camera.cameraId, signal);
    const { source } = camera;
    if (source === null) {
      throw new Failure('unavailable', 'This camera shows nothing without a login.', { action: 'Give its user name and password first.' });
    }
    const taken = this.#pictures.then(() => {
      signal.throwIfAborted();
      return this.#deps.still(source, signal);
    });
    this.#pictures = taken.catch(() => {});
    return { jpeg: await taken, ageMs: 0 };
  }

  async #look(finders: readonly Finder[], signal: AbortSignal): Promise<{ findings: Finding[]; notes: string[] }> {
    const results = await Promise.allSettled(finders.map((finder) => finder.find(signal)));
    signal.throwIfAborted();
    const findings: Finding[] = [];
    const notes: string[] = [];
    for (const result of results) {
      if (result.status === 'fulfilled') findings.push(...result.value);
      else if (result.reason instanceof Failure) notes.push(`${result.reason.message} ${result.reason.action ?? ''}`.trim());
      else throw result.reason;
    }
    return { findings, notes };
  }

  #describe({ isSource, ...found }: Finding): FoundCamera {
    const added = this.#deps.cameras().find((camera) => isSource(camera.source));
    return { ...found, cameraId: added?.id ?? null };
  }
}
