import { networkInterfaces } from 'node:os';
import systeminformation from 'systeminformation';
import type { ClockTrust, HealthCheck } from '#device/contract/contract.ts';
import type { Clock } from '#device/kernel/clock.ts';
import type { HealthSource } from './health.ts';
import { createLoadMeter, temperatureCelsius } from './machine-figures.ts';
import { clockCheck, type DiskSpace, diskCheck, keptFreeChecks, memoryCheck, temperatureCheck } from './system-checks.ts';

/** Not for every request. */
const cacheMs = 2000;

export interface MachineFacts {
  model: string;
  operatingSystem: string;
  addresses: string[];
  uptimeMs: number;
  cpuPercent: number;
  temperatureCelsius: number | null;
  memory: { totalBytes: number; availableBytes: number; processBytes: number };
}

export interface Machine {
  /** What the machine is and how it does; at most two seconds old. What it does not tell is null, zero or “unknown”. */
  describe(): Promise<MachineFacts>;
}

export function createMachine(clock: Clock): Machine {
  const startedBootMs = clock.boot();
  const load = createLoadMeter();
  let identity: Promise<Pick<MachineFacts, 'model' | 'operatingSystem'>> | null = null;
  let last: { facts: Promise<MachineFacts>; bootMs: number } | null = null;

  async function measure(): Promise<MachineFacts> {
    identity ??= identify();
    const [named, memory, celsius] = await Promise.all([identity, systeminformation.mem(), temperatureCelsius()]);
    return {
      ...named,
      addresses: localAddresses(),
      uptimeMs: Math.round(clock.boot() - startedBootMs),
      cpuPercent: Math.round(load() * 10) / 10,
      temperatureCelsius: celsius,
      memory: { totalBytes: memory.total, availableBytes: memory.available, processBytes: process.memoryUsage.rss() },
    };
  }

  return {
    describe: async () => {
      if (last && clock.boot() - last.bootMs < cacheMs) return last.facts;
      last = { facts: measure(), bootMs: clock.boot() };
      return last.facts;
    },
  };
}

async function identify(): Promise<Pick<MachineFacts, 'model' | 'operatingSystem'>> {
  const [system, os] = await Promise.all([systeminformation.system(), systeminformation.osInfo()]);
  const model = [system.manufacturer, system.model].filter((part) => part !== '' && part !== '-').join(' ');
  return {
    model: model === '' ? 'unknown' : model,
    operatingSystem: [os.distro, os.release, os.arch].filter((part) => part !== '' && part !== 'unknown').join(' '),
  };
}

/** Addresses under which others can reach this machine; link-local ones last. */
export function localAddresses(): string[] {
  const found = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter((address) => !address.internal)
    .map((address) => address.address);
  const isLinkLocal = (address: string) => address.startsWith('fe80:') || address.startsWith('169.254.');
  return [...new Set(found)].sort((a, b) => Number(isLinkLocal(a)) - Number(isLinkLocal(b)));
}

/** Memory, temperature, clock and disk as health checks. */
export function systemHealth(options: { machine: Machine; trust(): ClockTrust; disk(): Promise<DiskSpace> }): HealthSource[] {
  const checked = (name: string, checks: () => Promise<HealthCheck[]>): HealthSource => ({ name, checks });
  return [
    checked('system', async () => {
      const facts = await options.machine.describe();
      return [memoryCheck(facts.memory), temperatureCheck(facts.temperatureCelsius), clockCheck(options.trust())];
    }),
    checked('storage', async () => {
      const disk = await options.disk();
      // A volume that is not there is told by who would write to it.
      if (disk.totalBytes === 0) return [];
      return [diskCheck(disk), ...keptFreeChecks(disk)];
    }),
  ];
}
