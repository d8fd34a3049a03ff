import type { ApiDeps, PinsPort } from '#device/api/ports.ts';
import type { CameraSet } from '#device/cameras/camera-set.ts';
import type { Cameras } from '#device/cameras/cameras.ts';
import type { CameraPipeline } from '#device/cameras/pipeline.ts';
import type { HealthCheck } from '#device/contract/contract.ts';
import { createHealth, type HealthReport, type HealthSource } from '#device/health/health.ts';
import { type CameraFigures, createMetrics } from '#device/health/metrics.ts';
import { type Machine, systemHealth } from '#device/health/system.ts';
import type { DiskSpace } from '#device/health/system-checks.ts';
import type { Clock } from '#device/kernel/clock.ts';
import type { Logger } from '#device/kernel/logger.ts';
import type { UnusableValue } from '#device/settings/environment-values.ts';
import type { Announcements } from './announcements.ts';
import { cameraHealth } from './camera-health.ts';
import type { Fleet } from './fleet.ts';
import type { JoinedDiscovery } from './join-discovery.ts';
import type { JoinedDisks } from './join-disks.ts';
import type { JoinedNetwork } from './join-network.ts';
import type { JoinedTimeLapse } from './join-time-lapse.ts';
import type { OwnerStream } from './owner-stream.ts';
import type { Release } from './release.ts';
import type { Rooms } from './rooms.ts';
import { storageHealth } from './storage-health.ts';
import { systemFacts } from './system-facts.ts';

interface ApiOptions {
  clock: Clock;
  logger: Logger;
  rooms: Rooms;
  cameras: Cameras;
  timeLapse: JoinedTimeLapse;
  set: CameraSet;
  found: JoinedDiscovery;
  stream: OwnerStream;
  announcements: Announcements;
  machine: Machine;
  hardware: { pins: PinsPort; health: readonly HealthSource[]; identify(): void };
  network: JoinedNetwork;
  disks: JoinedDisks;
  fleet: Fleet;
  release: Release;
  portalDirectory: string;
  allowedHosts: readonly string[];
  /** Variables that were left aside. */
  unusable: readonly UnusableValue[];
}

/** Everything the API asks for, from the rooms that know it. */
export function joinApi(options: ApiOptions): { deps: ApiDeps; health: HealthReport } {
  const { clock, logger, rooms, cameras, stream, announcements, release, machine, hardware, fleet } = options;
  const { access, recordings, reader, journal, settings, live, time } = rooms;
  const health = createHealth({
    clock,
    logger,
    version: release.version,
    isClaimed: () => access.isClaimed(),
    wallMs: () => time.wall(),
    sources: healthSources(options),
  });
  const metrics = createMetrics({
    cameras: () => options.set.pipelines().map((pipeline) => cameraFigures(pipeline, live.viewers(pipeline.config.id))),
    storage: async () => {
      const { totalBytes, freeBytes, recordingsBytes, recordings: count, videoBytes, diskBytes } = await recordings.storage();
      return { totalBytes, freeBytes, recordingsBytes, recordings: count, videoBytesTotal: videoBytes, writtenBytesTotal: diskBytes };
    },
    healthLevel: () => ['ok', 'note', 'warning', 'failed'].indexOf(health.short().status),
  });
  const deps: ApiDeps = {
    access,
    cameras,
    discovery: options.found.discovery,
    controls: options.found.controls,
    onvif: options.found.onvif,
    relays: options.found.relays,
    live,
    settings,
    health,
    metrics,
    stream,
    clock,
    logger,
    recordings: {
      ...reader,
      setProtected: (id, isProtected) => recordings.setProtected(id, isProtected),
      remove: (id) => recordings.remove(id),
    },
    timeLapse: options.timeLapse.room,
    events: journal,
    pins: hardware.pins,
    disks: options.disks.port,
    system: {
      describe: () =>
        systemFacts({ machine, recordings, settings, time, version: release.version, localName: () => announcements.localName() }),
      identify: () => hardware.identify(),
    },
    network: options.network.port,
    updates: fleet.updates,
    time: { wallMs: () => time.wall(), trust: () => time.trust() },
    portalDirectory: options.portalDirectory,
    allowedHosts: options.allowedHosts,
    version: release.version,
  };
  return { deps, health };
}

function healthSources({
  rooms,
  cameras,
  timeLapse,
  machine,
  hardware,
  announcements,
  network,
  disks,
  fleet,
  unusable,
}: ApiOptions): HealthSource[] {
  const { recordings, settings, time } = rooms;
  return [
    cameraHealth(() => cameras.list()),
    storageHealth(recordings, rooms),
    ...disks.health,
    timeLapse.health,
    ...systemHealth({ machine, trust: () => time.trust(), disk: () => diskSpace(rooms) }),
    ...hardware.health,
    { name: 'network', checks: () => announcements.checks() },
    network.health,
    { name: 'fleet', checks: () => fleet.checks() },
    {
      name: 'settings',
      checks: () => [...settings.notes().map(noteCheck), ...unusable.map(unusableCheck)],
    },
  ];
}

function noteCheck(message: string, index: number): HealthCheck {
  return { id: `settings.note-${index + 1}`, level: 'warning', message };
}

function unusableCheck({ note, action }: UnusableValue, index: number): HealthCheck {
  const id = `settings.variable-${index + 1}`;
  return { id, level: 'warning', message: note, ...(action === undefined ? {} : { action }) };
}

function cameraFigures(pipeline: CameraPipeline, viewers: number): CameraFigures {
  const { state, recordingNow, lastFrameAgeMs } = pipeline.status();
  return { id: pipeline.config.id, online: state === 'online', recording: recordingNow, lastFrameAgeMs, viewers, ...pipeline.figures() };
}

async function diskSpace({ recordings, settings }: Rooms): Promise<DiskSpace> {
  const { totalBytes, freeBytes, reserveBytes } = await recordings.storage();
  const askedFreeBytes = settings.get().storage.minFreeBytes;
  const minFreeBytes = reserveBytes + Math.min(askedFreeBytes, totalBytes / 2);
  return { totalBytes, freeBytes, minFreeBytes, askedFreeBytes, askedBy: settings.decidedBy('storage.minFreeBytes') };
}
