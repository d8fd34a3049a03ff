import type { System } from '#device/contract/contract.ts';
import type { Machine } from '#device/health/system.ts';
import type { DeviceTime } from '#device/kernel/device-time.ts';
import type { Recordings } from '#device/recordings/recordings.ts';
import type { Settings } from '#device/settings/settings.ts';

interface SystemFactsDeps {
  machine: Machine;
  recordings: Recordings;
  settings: Settings;
  time: DeviceTime;
  version: string;
  localName(): string | null;
}

export async function systemFacts(deps: SystemFactsDeps): Promise<System> {
  const [machine, storage] = await Promise.all([deps.machine.describe(), deps.recordings.storage()]);
  const { deviceName, timeZone } = deps.settings.get();
  return {
    ...machine,
    deviceName,
    timeZone,
    version: deps.version,
    localName: deps.localName(),
    time: new Date(deps.time.wall()).toISOString(),
    clock: deps.time.trust(),
    storage: {
      totalBytes: storage.totalBytes,
      freeBytes: storage.freeBytes,
      recordingsBytes: storage.recordingsBytes,
      reserveBytes: storage.reserveBytes,
      recordings: storage.recordings,
      oldest: storage.oldestStartMs === null ? null : new Date(storage.oldestStartMs).toISOString(),
      writtenPerVideoByte: storage.writtenPerVideoByte,
    },
  };
}
