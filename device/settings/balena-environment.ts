import type { EnvironmentReader } from './environment-values.ts';

/** What balenaOS tells a container about itself. Everything may be absent: then the machine is none of balena's. */
export interface BalenaEnvironment {
  /** The program on the host that updates, restarts and reboots. Its key never leaves this device. */
  supervisor: { address: string; apiKey: string; appId: number | null } | null;
  /** While this file exists, no update is applied. */
  lockFile: string | null;
  /** Where the owner's fleet is; only when this container was given the device's key. */
  cloud: { apiUrl: string; apiKey: string; deviceUuid: string } | null;
}

/** What is not usable is noted and left aside: a device records, whatever its host says. Notes never repeat a value. */
export function balenaOf(reader: EnvironmentReader): { balena: BalenaEnvironment; notes: string[] } {
  const notes: string[] = [];
  const urlOf = (name: string): string | null => {
    const variable = reader.find(name);
    if (!variable) return null;
    if (isWebAddress(variable.value)) return variable.value.replace(/\/+$/, '');
    notes.push(`${name} is no address and is left aside.`);
    return null;
  };
  const address = urlOf('BALENA_SUPERVISOR_ADDRESS');
  const supervisorKey = reader.find('BALENA_SUPERVISOR_API_KEY')?.value;
  const apiUrl = urlOf('BALENA_API_URL');
  const apiKey = reader.find('BALENA_API_KEY')?.value;
  const deviceUuid = reader.find('BALENA_DEVICE_UUID')?.value;
  const appId = Number(reader.find('BALENA_APP_ID')?.value ?? Number.NaN);
  const lockFile = reader.find('BALENA_APP_LOCK_PATH')?.value ?? null;
  return {
    balena: {
      supervisor:
        address === null || supervisorKey === undefined
          ? null
          : { address, apiKey: supervisorKey, appId: Number.isSafeInteger(appId) && appId > 0 ? appId : null },
      lockFile: lockFile?.startsWith('/') ? lockFile : null,
      cloud: apiUrl === null || apiKey === undefined || deviceUuid === undefined ? null : { apiUrl, apiKey, deviceUuid },
    },
    notes,
  };
}

function isWebAddress(value: string): boolean {
  return URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
}
