import { type DeviceSettings, type DeviceSettingsChange, limits } from '../api/api.ts';
import { typedNumber } from './typed-number.ts';

/** The device's settings as they are typed; sizes in gigabytes. */
export interface SettingsDraft {
  deviceName: string;
  timeZone: string;
  hostName: string;
  announce: boolean;
  statusLights: boolean;
  /** Separated by spaces or commas. */
  timeServers: string;
  maxGigabytes: string;
  minFreeGigabytes: string;
  maxAgeDays: string;
}

const gigabytes = (sizeBytes: number | null): string => (sizeBytes === null ? '' : String(sizeBytes / 1e9));

export const draftOfSettings = ({ deviceName, timeZone, network, storage, hardware }: DeviceSettings): SettingsDraft => ({
  deviceName,
  timeZone,
  hostName: network.hostName,
  announce: network.announce,
  statusLights: hardware.statusLights,
  timeServers: network.timeServers.join(', '),
  maxGigabytes: gigabytes(storage.maxBytes),
  minFreeGigabytes: gigabytes(storage.minFreeBytes),
  maxAgeDays: storage.maxAgeDays === null ? '' : String(storage.maxAgeDays),
});

const hostNamePattern = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

const serverPattern = /^[A-Za-z0-9]([A-Za-z0-9.:-]{0,251}[A-Za-z0-9])?$/;
const serversIn = (text: string): string[] => text.split(/[\s,]+/).filter((server) => server !== '');

export const wrongSettings = (draft: SettingsDraft): ReadonlySet<keyof SettingsDraft> => {
  const wrong = new Set<keyof SettingsDraft>();
  if (!draft.deviceName.trim()) wrong.add('deviceName');
  if (!hostNamePattern.test(draft.hostName)) wrong.add('hostName');
  const servers = serversIn(draft.timeServers);
  if (servers.length > limits.timeServers || servers.some((server) => !serverPattern.test(server))) wrong.add('timeServers');
  if (typedNumber(draft.maxGigabytes, 0.001, 1e6) === undefined) wrong.add('maxGigabytes');
  if (typedNumber(draft.minFreeGigabytes, 0, 1e6) == null) wrong.add('minFreeGigabytes');
  if (typedNumber(draft.maxAgeDays, 0.01, 3650) === undefined) wrong.add('maxAgeDays');
  return wrong;
};

/** Only what differs; null when nothing does. Call with a draft that has nothing wrong. */
export const changeOfSettings = (draft: SettingsDraft, before: DeviceSettings): DeviceSettingsChange | null => {
  const known = draftOfSettings(before);
  const differs = (field: keyof SettingsDraft) => draft[field] !== known[field];
  const inBytes = (text: string): number | null => {
    const value = typedNumber(text, 0, 1e6);
    return value == null ? null : Math.round(value * 1e9);
  };
  const storage = {
    ...(differs('maxGigabytes') ? { maxBytes: inBytes(draft.maxGigabytes) } : {}),
    ...(differs('minFreeGigabytes') ? { minFreeBytes: inBytes(draft.minFreeGigabytes) ?? 0 } : {}),
    ...(differs('maxAgeDays') ? { maxAgeDays: typedNumber(draft.maxAgeDays, 0.01, 3650) ?? null } : {}),
  };
  const network = {
    ...(differs('hostName') ? { hostName: draft.hostName } : {}),
    ...(differs('announce') ? { announce: draft.announce } : {}),
    ...(differs('timeServers') ? { timeServers: serversIn(draft.timeServers) } : {}),
  };
  const change: DeviceSettingsChange = {
    ...(differs('deviceName') ? { deviceName: draft.deviceName.trim() } : {}),
    ...(differs('timeZone') ? { timeZone: draft.timeZone } : {}),
    ...(Object.keys(storage).length > 0 ? { storage } : {}),
    ...(Object.keys(network).length > 0 ? { network } : {}),
    ...(differs('statusLights') ? { hardware: { statusLights: draft.statusLights } } : {}),
  };
  return Object.keys(change).length > 0 ? change : null;
};
