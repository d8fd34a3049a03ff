import type { ClockTrust, HealthCheck } from '#device/contract/contract.ts';

const oneMegabyte = 1_000_000;

/** What a board may get warm to before it slows itself down. */
const warmCelsius = 75;
const hotCelsius = 82;

export function memoryCheck({ availableBytes, totalBytes }: { availableBytes: number; totalBytes: number }): HealthCheck {
  const share = totalBytes > 0 ? availableBytes / totalBytes : 1;
  const found = { id: 'system.memory', value: availableBytes, unit: 'bytes' };
  const message = `${inMegabytes(availableBytes)} of ${inMegabytes(totalBytes)} memory are free.`;
  if (share < 0.03)
    return { ...found, level: 'failed', message, action: 'Remove a camera or lower its resolution: the device is about to stop programs.' };
  if (share < 0.1) return { ...found, level: 'warning', message, action: 'Use fewer cameras or a smaller stream for detection.' };
  return { ...found, level: 'ok', message };
}

export function temperatureCheck(celsius: number | null): HealthCheck {
  if (celsius === null) return { id: 'system.temperature', level: 'ok', message: 'This machine does not tell its temperature.' };
  const found = { id: 'system.temperature', value: celsius, unit: '°C' };
  const message = `The processor has ${Math.round(celsius)} °C.`;
  if (celsius >= hotCelsius) return { ...found, level: 'failed', message, action: 'Give it air or a heat sink: it slows itself down now.' };
  if (celsius >= warmCelsius) return { ...found, level: 'warning', message, action: 'Give it more air or a heat sink.' };
  return { ...found, level: 'ok', message };
}

export function clockCheck(trust: ClockTrust): HealthCheck {
  if (trust === 'set') return { id: 'system.clock', level: 'ok', message: 'The clock is set.' };
  return {
    id: 'system.clock',
    level: 'warning',
    message: 'The clock is not set yet. Recordings are marked as approximate and get their right time later.',
    action: 'Connect the device to a network with a time server.',
  };
}

export interface DiskSpace {
  freeBytes: number;
  totalBytes: number;
  /** Recording frees space down to this. */
  minFreeBytes: number;
  /** What the settings ask for; never more than half of the disk is kept. */
  askedFreeBytes: number;
  /** The variable that asks for it; null when the owner does. */
  askedBy: string | null;
}

/** Nothing where the disk has what is asked of it. */
export function keptFreeChecks({ totalBytes, askedFreeBytes, askedBy }: DiskSpace): HealthCheck[] {
  if (askedFreeBytes <= totalBytes / 2) return [];
  const who = askedBy ?? 'The setting “kept free”';
  const message = `${who} asks to keep ${inMegabytes(askedFreeBytes)} free, but the disk has ${inMegabytes(totalBytes)}: half of it is kept free.`;
  const action = `Set ${askedBy ?? 'it'} to at most ${inMegabytes(totalBytes / 2)}${askedBy === null ? '' : ' and start again'}.`;
  return [{ id: 'storage.kept-free', level: 'warning', message, action }];
}

export function diskCheck({
  freeBytes,
  totalBytes,
  minFreeBytes,
}: Pick<DiskSpace, 'freeBytes' | 'totalBytes' | 'minFreeBytes'>): HealthCheck {
  const found = { id: 'storage.space', value: freeBytes, unit: 'bytes' };
  const message = `${inMegabytes(freeBytes)} of ${inMegabytes(totalBytes)} storage are free.`;
  if (freeBytes < minFreeBytes / 4) {
    return { ...found, level: 'failed', message, action: 'Delete recordings or other files, or use a larger disk.' };
  }
  if (freeBytes < minFreeBytes / 2) {
    return { ...found, level: 'warning', message, action: 'Something besides recordings fills the disk: look for it.' };
  }
  return { ...found, level: 'ok', message };
}

/** Of the volume with everything but the recordings, where those are kept elsewhere. */
export function ownVolumeCheck({
  freeBytes,
  totalBytes,
  minFreeBytes,
}: Pick<DiskSpace, 'freeBytes' | 'totalBytes' | 'minFreeBytes'>): HealthCheck {
  const found = { id: 'storage.own', value: freeBytes, unit: 'bytes' };
  const message = `${inMegabytes(freeBytes)} of ${inMegabytes(totalBytes)} are free on the device’s own card.`;
  if (freeBytes >= minFreeBytes / 2) return { ...found, level: 'ok', message };
  const action = 'Choose it once more as the place of recordings, and delete those that are on it.';
  return { ...found, level: freeBytes < minFreeBytes / 4 ? 'failed' : 'warning', message, action };
}

function inMegabytes(bytes: number): string {
  const megabytes = bytes / oneMegabyte;
  return megabytes >= 1000 ? `${(megabytes / 1000).toFixed(1)} GB` : `${Math.round(megabytes)} MB`;
}
