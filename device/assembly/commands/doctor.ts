import { execFile } from 'node:child_process';
import { access, constants, mkdir, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type HealthCheck, shortHealthSchema } from '#device/contract/contract.ts';
import { kernelMounts } from '#device/hardware/disks/mounts.ts';
import { kernelTree } from '#device/hardware/kernel-tree.ts';
import { volumeOf } from '#device/kernel/volume-space.ts';
import { type Places, placesIn, withRecordingPlace } from '../places.ts';

interface DoctorOptions {
  root: string;
  port: number;
  say(text: string): void;
  signal: AbortSignal;
}

const runProgram = promisify(execFile);
const leastFreeBytes = 1_000_000_000;
/** Whoever says nothing for so long will say nothing. */
const patienceMs = 5_000;
const marks = { ok: ' ok ', note: 'note', warning: 'WARN', failed: 'FAIL' } as const;

/** Answers the exit status: 1 when something keeps the device from working. */
export async function doctor(options: DoctorOptions): Promise<number> {
  const places = await withRecordingPlace(placesIn(options.root));
  const checks = await Promise.all([
    nodeCheck(),
    programCheck('ffmpeg', options.signal),
    programCheck('ffprobe', options.signal),
    dataCheck(options.root),
    ...spaceChecks(places),
    portCheck(options.port, options.signal),
    socketCheck('/run/dbus/system_bus_socket', 'D-Bus'),
    socketCheck('/run/avahi-daemon/socket', 'avahi-daemon'),
  ]);
  for (const { level, message, action } of checks) {
    options.say(`[${marks[level]}] ${message}`);
    if (action !== undefined) options.say(`       ${action}`);
  }
  return checks.some(({ level }) => level === 'failed') ? 1 : 0;
}

function nodeCheck(): HealthCheck {
  const major = Number(process.versions.node.split('.')[0]);
  const found = { id: 'doctor.node', message: `Node.js ${process.versions.node}.` };
  return major >= 24
    ? { ...found, level: 'ok' }
    : { ...found, level: 'failed', action: 'Start with scripts/start: it installs Node.js 24.' };
}

async function programCheck(program: string, signal: AbortSignal): Promise<HealthCheck> {
  const id = `doctor.${program}`;
  try {
    const { stdout } = await runProgram(program, ['-version'], { signal, timeout: patienceMs });
    return { id, level: 'ok', message: `${stdout.split('\n')[0]?.split(' Copyright')[0] ?? program}.` };
  } catch {
    return { id, level: 'failed', message: `${program} cannot be run.`, action: 'Install it: apt-get install ffmpeg' };
  }
}

async function dataCheck(root: string): Promise<HealthCheck> {
  const id = 'doctor.data';
  try {
    await mkdir(root, { recursive: true, mode: 0o700 });
    await access(root, constants.R_OK | constants.W_OK | constants.X_OK);
    return { id, level: 'ok', message: `The data folder ${root} can be written.` };
  } catch {
    return {
      id,
      level: 'failed',
      message: `The data folder ${root} cannot be written.`,
      action: 'Choose another with --data, or give this user the right to it.',
    };
  }
}

function spaceChecks({ root, disks, recordingDisk }: Places): Promise<HealthCheck>[] {
  const shortLived = 'Use a larger disk: recordings will be deleted after a short time.';
  if (recordingDisk === null) return [spaceCheck(root, 'for recordings', shortLived)];
  return [
    diskCheck(join(disks, recordingDisk), recordingDisk, shortLived),
    spaceCheck(
      root,
      `for everything else in ${root}`,
      'Recordings of before may fill it: choose it for recordings again, and delete some.',
    ),
  ];
}

/** What is in the place of a disk that is not there is the card, whose room says nothing. */
async function diskCheck(place: string, disk: string, advice: string): Promise<HealthCheck> {
  const mounted = await kernelMounts(kernelTree()).at(place);
  if (mounted === 'alive') return spaceCheck(place, `for recordings on the disk ${disk}`, advice);
  return {
    id: 'doctor.disk',
    level: 'warning',
    message: `The disk ${disk}, on which recordings are kept, is not there.`,
    action: 'Plug it in and start the device: only the running device puts it in its place. Or choose another place in the portal.',
  };
}

async function spaceCheck(place: string, use: string, action: string): Promise<HealthCheck> {
  const id = 'doctor.space';
  try {
    const { freeBytes } = await volumeOf(place);
    const message = `${(freeBytes / 1e9).toFixed(1)} GB are free ${use}.`;
    return freeBytes >= leastFreeBytes ? { id, level: 'ok', message } : { id, level: 'warning', message, action };
  } catch {
    return { id, level: 'failed', message: `The free space of ${place} cannot be read.`, action: 'Check that the disk is mounted.' };
  }
}

async function portCheck(port: number, signal: AbortSignal): Promise<HealthCheck> {
  const id = 'doctor.port';
  const answers = await isOurs(port, signal);
  if (answers) return { id, level: 'ok', message: `A Kerberos Edge answers on port ${port}.` };
  const { promise, resolve } = Promise.withResolvers<HealthCheck>();
  const server = createServer();
  server.once('error', (error: NodeJS.ErrnoException) => {
    const why = error.code === 'EACCES' ? 'may not be used by this user' : 'is used by another program';
    resolve({ id, level: 'failed', message: `Port ${port} ${why}.`, action: 'Choose another with --port.' });
  });
  server.listen(port, () => server.close(() => resolve({ id, level: 'ok', message: `Port ${port} is free.` })));
  return promise;
}

/** Any other program may sit there, also one that takes the question and never answers. */
async function isOurs(port: number, signal: AbortSignal): Promise<boolean> {
  try {
    const patience = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
    const response = await fetch(`http://127.0.0.1:${port}/api/health`, { signal: patience });
    return shortHealthSchema.safeParse(await response.json()).success;
  } catch {
    return false;
  }
}

async function socketCheck(path: string, name: string): Promise<HealthCheck> {
  const id = `doctor.${name.toLowerCase()}`;
  const isThere = await stat(path).then(
    () => true,
    () => false,
  );
  if (isThere) return { id, level: 'ok', message: `${name} is running.` };
  return {
    id,
    level: 'note',
    message: `${name} is not running: the device works, but is not found by its name.`,
    action: 'Install and start it: apt-get install avahi-daemon',
  };
}
