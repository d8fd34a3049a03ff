import { randomUUID } from 'node:crypto';
import type { DisksPort } from '#device/api/ports.ts';
import type { Cameras } from '#device/cameras/cameras.ts';
import type { HealthCheck } from '#device/contract/contract.ts';
import { createFleetApi, type FleetApi } from '#device/fleet/fleet-api.ts';
import { FleetLink } from '#device/fleet/fleet-link.ts';
import { lockFileAt } from '#device/fleet/lock-file.ts';
import { openReleaseGate, type ReleaseGate } from '#device/fleet/release-gate.ts';
import { recordStoreAt } from '#device/fleet/release-record.ts';
import { createSupervisor, type Supervisor } from '#device/fleet/supervisor.ts';
import { UpdateLock } from '#device/fleet/update-lock.ts';
import { Updates } from '#device/fleet/updates.ts';
import type { HealthReport } from '#device/health/health.ts';
import type { Clock } from '#device/kernel/clock.ts';
import type { Logger } from '#device/kernel/logger.ts';
import { systemTimeReaders } from '#device/kernel/time-readers.ts';
import type { Recordings } from '#device/recordings/recordings.ts';
import type { BalenaEnvironment } from '#device/settings/balena-environment.ts';
import { freshSettings } from '#device/settings/schema.ts';
import { camerasAtWork } from './cameras-at-work.ts';
import type { Places } from './places.ts';
import type { Release } from './release.ts';
import type { Rooms } from './rooms.ts';
import { eventTeller } from './tell-event.ts';

interface FleetOptions {
  clock: Clock;
  logger: Logger;
  places: Places;
  release: Release;
  balena: BalenaEnvironment;
}

interface JoinOptions {
  rooms: Pick<Rooms, 'recordings' | 'journal' | 'settings'>;
  /** null: recordings are on none of the owner's choice. */
  disks: Pick<DisksPort, 'describe'> | null;
  cameras: Cameras;
  health: Pick<HealthReport, 'short'>;
  /** Some that variables define were left aside. */
  lacksCameras: boolean;
}

interface Parts {
  gate: ReleaseGate;
  updates: Updates;
  lock: UpdateLock;
  api: FleetApi | null;
}

export async function openFleet(options: FleetOptions): Promise<Fleet> {
  const { clock, logger, places, release, balena } = options;
  const supervisor: Supervisor | null = balena.supervisor && createSupervisor(balena.supervisor, clock);
  const api = balena.cloud && createFleetApi(balena.cloud, clock);
  const gate = await openReleaseGate({
    clock,
    logger,
    store: recordStoreAt(places.releaseFile),
    release: { version: release.version, build: release.build, commit: null },
    bootId: await systemTimeReaders()
      .bootId()
      .catch(() => randomUUID()),
    random: Math.random,
    control: api,
    hasten: async () => supervisor?.lookForUpdate(),
  });
  const updates = new Updates({ clock, logger, supervisor, version: release.version, story: gate });
  const lock = new UpdateLock({
    clock,
    file: balena.lockFile === null ? null : lockFileAt(balena.lockFile),
    isUpdateWaiting: () => updates.isUpdateWaiting,
  });
  return new Fleet(options, { gate, updates, lock, api });
}

/** What watches over releases and speaks with the owner's fleet. Opened before everything that a release could break, joined later. */
export class Fleet {
  readonly updates: Updates;
  readonly #options: FleetOptions;
  readonly #parts: Parts;
  #link: FleetLink | null = null;
  #portalUrl: string | null = null;

  constructor(options: FleetOptions, parts: Parts) {
    this.#options = options;
    this.#parts = parts;
    this.updates = parts.updates;
  }

  /** What the host is asked to wait for. */
  async whileBusy<T>(what: string, work: () => Promise<T>): Promise<T> {
    await this.#parts.lock.begin(what);
    try {
      return await work();
    } finally {
      await this.#parts.lock.end(what);
    }
  }

  /** Until aborted; then everything it keeps is kept. */
  async run(signal: AbortSignal): Promise<void> {
    const { gate, updates, lock } = this.#parts;
    await Promise.all([gate.run(signal), updates.run(signal), lock.run(signal)]);
  }

  /** From now on the gate sees the cameras, what it finds becomes events, and the fleet hears of this device. */
  join({ rooms, disks, cameras, health, lacksCameras }: JoinOptions): void {
    const { clock, logger } = this.#options;
    const { gate, lock } = this.#parts;
    const { recordings } = rooms;
    gate.watch(camerasAtWork({ clock, logger, cameras, recordings, disks, portalUrl: () => this.#portalUrl, lacksCameras }));
    const tell = eventTeller({ clock, logger, journal: rooms.journal });
    gate.onHappening(({ kind, message }) => tell({ cameraId: null, kind, message }));
    holdForEvents(lock, recordings);
    this.#link = this.#linkOf({ rooms, cameras, health });
  }

  /** Where this very program reaches its portal. */
  listening(host: string | undefined, port: number): void {
    const isAny = host === undefined || host === '::' || host === '0.0.0.0';
    const name = isAny ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
    this.#portalUrl = `http://${name}:${port}`;
  }

  async runLink(signal: AbortSignal): Promise<void> {
    await this.#link?.run(signal);
  }

  checks(): HealthCheck[] {
    const { gate, updates } = this.#parts;
    return [...gate.checks(), ...updates.checks(), ...(this.#link?.checks() ?? [])];
  }

  /** The program cannot go on: what must be asked of the fleet is asked before it ends. */
  lastWord(): Promise<void> {
    return this.#parts.gate.lastWord();
  }

  #linkOf({ rooms: { settings }, cameras, health }: Omit<JoinOptions, 'lacksCameras' | 'disks'>): FleetLink | null {
    const { clock, logger, places, release } = this.#options;
    const { api } = this.#parts;
    if (!api) return null;
    return new FleetLink({
      clock,
      logger,
      random: Math.random,
      api,
      file: places.fleetFile,
      unnamed: freshSettings('UTC').device.deviceName,
      facts: {
        name: () => settings.get().deviceName,
        isNameFixed: () => settings.fixedByEnvironment().includes('deviceName'),
        setName: async (deviceName) => {
          await settings.change({ deviceName });
        },
        tags: async () => {
          const enabled = cameras.list().filter((camera) => camera.enabled);
          const online = enabled.filter(({ state }) => state === 'online').length;
          return new Map([
            ['kerberos.version', release.version],
            ['kerberos.cameras', `${online} of ${enabled.length} online`],
            ['kerberos.health', health.short().status],
          ]);
        },
      },
    });
  }
}

/** What is being recorded because something happens is better finished before an update. */
function holdForEvents(lock: UpdateLock, recordings: Pick<Recordings, 'onRecording' | 'onRemoved'>): void {
  recordings.onRecording(({ id, state, trigger }) => {
    if (state === 'writing' && trigger !== 'continuous') void lock.begin(`recording ${id}`);
    else void lock.end(`recording ${id}`);
  });
  recordings.onRemoved((id) => void lock.end(`recording ${id}`));
}
