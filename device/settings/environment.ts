import {
  type DeviceSettingsChange,
  deviceSettingsSchema,
  hardwareSettingsSchema,
  isTypable,
  recordingModeSchema,
} from '#device/contract/contract.ts';
import type { LogLevel } from '#device/kernel/logger.ts';
import { agentMotion, agentRecording } from './agent-environment.ts';
import { type BalenaEnvironment, balenaOf } from './balena-environment.ts';
import { parseCameraDefinitions, sourceOf, usableDefinitions } from './camera-definition.ts';
import { type EnvironmentCamera, type EnvironmentOverrides, environmentCameraIds } from './environment-overlay.ts';
import { asBoolean, asInteger, asNumber, asOneOf, EnvironmentReader, UnusableValue, type Variable, wrong } from './environment-values.ts';
import { isTimeZone } from './time-zone.ts';

/** What concerns the process alone and is no setting. */
export interface ProcessEnvironment {
  port?: number;
  host?: string;
  /** Further names under which the device answers, small letters, without port. */
  allowedHosts?: string[];
  /** Where a person may put the file that gives the device back. */
  resetFile?: string;
}

export interface Environment extends EnvironmentOverrides {
  process: ProcessEnvironment;
  /** Names that are set and have no effect; worth a line in the log. */
  notes: string[];
  /** What was left aside as though it were not set; never its value. Empty where it is refused instead. */
  unusable: readonly UnusableValue[];
  /** Of the cameras that variables define, one or more were left aside. */
  lacksCameras: boolean;
}

type Variables = Readonly<Record<string, string | undefined>>;

interface Extra {
  cameras?: readonly EnvironmentCamera[];
  camerasOrigin?: string;
  knownNames?: readonly string[];
}

/** What must be known before anything else is done. */
export interface Ground {
  dataDirectory: string | undefined;
  logLevel: LogLevel;
  balena: BalenaEnvironment;
}

const dataDirectoryName = 'KERBEROS_DATA_DIR';
const logLevelName = 'KERBEROS_LOG_LEVEL';
const logLevels = ['debug', 'info', 'warn', 'error'] as const;
const cameraList = 'KERBEROS_CAMERAS';
const agentCamera = 'AGENT_CAPTURE_IPCAMERA_RTSP';
const cameraVariables = [cameraList, agentCamera, `GLOBAL_${agentCamera}`];

/** Never throws, whatever the variables say: a start that cannot be counted cannot be taken back. */
export function readGround(variables: Variables): Ground {
  const reader = new EnvironmentReader(variables);
  const asked = reader.find(logLevelName)?.value.toLowerCase();
  return {
    dataDirectory: reader.find(dataDirectoryName)?.value,
    logLevel: logLevels.find((level) => level === asked) ?? 'info',
    balena: balenaOf(reader).balena,
  };
}

/** As {@link readEnvironment}, where no person stands by: what cannot be used is left aside, of a list of cameras only those that it is about. */
export function readUsable(variables: Variables, extra: Extra = {}): Environment {
  const usable: Record<string, string | undefined> = { ...variables };
  const unusable: UnusableValue[] = [];
  for (;;) {
    try {
      const lacksCameras = unusable.some(({ origin }) => cameraVariables.includes(origin));
      return { ...readEnvironment(usable, extra), unusable, lacksCameras };
    } catch (error) {
      const value = error instanceof UnusableValue ? usable[error.origin] : undefined;
      if (!(error instanceof UnusableValue) || value === undefined) throw error;
      usable[error.origin] = error.origin === cameraList ? usableDefinitions(value) : undefined;
      unusable.push(error);
    }
  }
}

/**
 * What the environment says, as settings. `KERBEROS_*` wins over the Kerberos Agent's `AGENT_*`, which wins over `GLOBAL_AGENT_*`.
 * `extra` are cameras given otherwise (arguments). `knownNames` are variables that others read. Throws an UnusableValue naming the variable.
 */
export function readEnvironment(variables: Variables, extra: Extra = {}): Environment {
  const reader = new EnvironmentReader(variables);
  const fixedBy = new Map<string, string>();
  const device = deviceOf(reader, fixedBy);
  const { cameras, unused } = camerasOf(reader, fixedBy, extra.cameras ?? [], extra.camerasOrigin ?? '--camera');
  const process = processOf(reader);
  for (const name of [dataDirectoryName, ...(extra.knownNames ?? [])]) reader.find(name);
  const level = reader.find(logLevelName);
  if (level) asOneOf(level, logLevels);
  const { notes: balenaNotes } = balenaOf(reader);
  const notes = [...reader.unused(), ...unused].map((name) => `${name} is set but has no effect on this device.`);
  return { process, device, cameras, fixedBy, notes: [...notes, ...balenaNotes], unusable: [], lacksCameras: false };
}

function processOf(reader: EnvironmentReader): ProcessEnvironment {
  const process: ProcessEnvironment = {};
  const port = reader.find('KERBEROS_PORT');
  if (port) process.port = asInteger(port, { min: 0, max: 65_535, unit: 'the port' });
  const host = reader.find('KERBEROS_HOST');
  if (host) process.host = host.value;
  const resetFile = reader.find('KERBEROS_RESET_FILE');
  if (resetFile) process.resetFile = resetFile.value;
  const allowedHosts = reader.find('KERBEROS_ALLOWED_HOSTS');
  if (allowedHosts) process.allowedHosts = hostNamesOf(allowedHosts);
  return process;
}

function hostNamesOf(variable: Variable): string[] {
  const names = variable.value
    .toLowerCase()
    .split(',')
    .map((name) => name.trim());
  if (names.every((name) => /^[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63}){0,10}$/.test(name))) return names;
  throw wrong(variable, 'names like cameras.example.org, parted by commas and without a port');
}

function deviceOf(reader: EnvironmentReader, fixedBy: Map<string, string>): DeviceSettingsChange {
  const device: DeviceSettingsChange = {};
  const storage: NonNullable<DeviceSettingsChange['storage']> = {};
  const network: NonNullable<DeviceSettingsChange['network']> = {};
  const hardware: NonNullable<DeviceSettingsChange['hardware']> = {};
  const take = (setting: string, variable: Variable | undefined, apply: (variable: Variable) => void) => {
    if (!variable) return;
    apply(variable);
    fixedBy.set(setting, variable.name);
  };
  take('deviceName', reader.find('KERBEROS_DEVICE_NAME', 'AGENT_NAME'), (variable) => {
    if (variable.value.length > 64) throw wrong(variable, 'at most 64 characters long');
    if (!isTypable(variable.value)) throw wrong(variable, 'without characters that cannot be typed');
    device.deviceName = variable.value;
  });
  take('timeZone', reader.find('KERBEROS_TIME_ZONE', 'AGENT_TIMEZONE'), (variable) => {
    if (!isTimeZone(variable.value)) throw wrong(variable, 'a time zone like Europe/Brussels');
    device.timeZone = variable.value;
  });
  take('network.hostName', reader.find('KERBEROS_HOST_NAME'), (variable) => {
    const name = deviceSettingsSchema.shape.network.shape.hostName.safeParse(variable.value.replace(/\.local$/, ''));
    if (!name.success) throw wrong(variable, 'a name of small letters, digits and hyphens');
    network.hostName = name.data;
  });
  take('network.announce', reader.find('KERBEROS_ANNOUNCE'), (variable) => {
    network.announce = asBoolean(variable);
  });
  take('storage.maxBytes', reader.find('KERBEROS_STORAGE_MAX_BYTES', 'AGENT_AUTO_CLEAN_MAX_SIZE'), (variable) => {
    const sizeBytes = asBytes(variable);
    storage.maxBytes = sizeBytes === 0 ? null : sizeBytes;
  });
  take('storage.minFreeBytes', reader.find('KERBEROS_STORAGE_MIN_FREE_BYTES', 'AGENT_AUTO_CLEAN_MIN_FREE_SPACE'), (variable) => {
    storage.minFreeBytes = asBytes(variable);
  });
  take('storage.maxAgeDays', reader.find('KERBEROS_STORAGE_MAX_AGE_DAYS'), (variable) => {
    const days = asNumber(variable, { min: 0, max: 3650, unit: 'days' });
    storage.maxAgeDays = days === 0 ? null : days;
  });
  take('hardware.statusLights', reader.find('KERBEROS_STATUS_LIGHTS'), (variable) => {
    hardware.statusLights = asBoolean(variable);
  });
  take('hardware.watchdog', reader.find('KERBEROS_WATCHDOG'), (variable) => {
    hardware.watchdog = asOneOf(variable, hardwareSettingsSchema.shape.watchdog.options);
  });
  if (Object.keys(storage).length > 0) device.storage = storage;
  if (Object.keys(network).length > 0) device.network = network;
  if (Object.keys(hardware).length > 0) device.hardware = hardware;
  return device;
}

/** The Agent's names count in millions of bytes, ours in bytes. */
function asBytes(variable: Variable): number {
  const isMegabytes = variable.name.includes('AGENT_');
  const number = asInteger(variable, { min: 0, max: isMegabytes ? 1e9 : 1e15, unit: isMegabytes ? 'megabytes' : 'bytes' });
  return isMegabytes ? number * 1_000_000 : number;
}

function camerasOf(
  reader: EnvironmentReader,
  fixedBy: Map<string, string>,
  given: readonly EnvironmentCamera[],
  givenOrigin: string,
): { cameras: EnvironmentCamera[]; unused: string[] } {
  const { recording, variables: recordingVariables } = agentRecording(reader);
  const { motion, variables: motionVariables } = agentMotion(reader);
  const mode = reader.find('KERBEROS_RECORDING_MODE');
  if (mode) {
    recording.mode = asOneOf(mode, recordingModeSchema.options);
    recordingVariables.set('recording.mode', mode.name);
  }
  const defined = given.length > 0 ? { origin: givenOrigin, cameras: given } : definedCameras(reader);
  const settings = [...recordingVariables, ...motionVariables];
  const cameras = defined.cameras.map((camera) => ({ ...camera, recording, motion }));
  for (const id of environmentCameraIds({ cameras }).keys()) {
    fixedBy.set(`cameras.${id}.name`, defined.origin);
    fixedBy.set(`cameras.${id}.source`, defined.origin);
    for (const [field, name] of settings) fixedBy.set(`cameras.${id}.${field}`, name);
  }
  // Cameras of the settings file keep what the owner chose for each: these names speak of cameras defined beside them.
  return { cameras, unused: cameras.length > 0 ? [] : settings.map(([, name]) => name) };
}

function definedCameras(reader: EnvironmentReader): { origin: string; cameras: readonly EnvironmentCamera[] } {
  const list = reader.find(cameraList);
  const main = reader.find(agentCamera);
  const sub = reader.find('AGENT_CAPTURE_IPCAMERA_SUB_RTSP');
  if (list) return { origin: list.name, cameras: parseCameraDefinitions(list.value, list.name) };
  if (!main) return { origin: '', cameras: [] };
  const name = reader.find('AGENT_NAME')?.value.slice(0, 64) ?? 'agent';
  const alone = sourceOf(main.value, main.name);
  // What is wrong only together is the smaller stream's fault: the camera can do without.
  return { origin: main.name, cameras: [{ name, source: sub ? sourceOf(main.value, sub.name, sub.value) : alone }] };
}
