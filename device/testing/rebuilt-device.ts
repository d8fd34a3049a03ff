import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { check } from '#device/assembly/commands/check.ts';
import { placesIn } from '#device/assembly/places.ts';
import { openRooms } from '#device/assembly/rooms.ts';
import type { DeviceSettings, Event, Recording } from '#device/contract/contract.ts';
import { makeDirectory } from '#device/kernel/atomic-file.ts';
import { systemClock } from '#device/kernel/clock.ts';
import { silentLogger } from '#device/kernel/logger.ts';
import { scan } from '#device/media/mp4/scan.ts';
import { noOverrides } from '#device/settings/environment-overlay.ts';

export interface RebuiltDevice {
  settings: DeviceSettings;
  cameras: string[];
  isClaimed: boolean;
  events: Event[];
  recordings: Recording[];
  /** Every recording's file that is on show, and what is in it. */
  files: { path: string; digest: string }[];
  /** Everything that is not as it should be, and everything a person would have to do. Empty when all is well. */
  faults: string[];
}

/** Starts the rooms on a data folder as the device does, looks around, stops them, and looks at the folder with the check command. */
export async function startRebuilt(root: string): Promise<RebuiltDevice> {
  const places = placesIn(root);
  // As `run` does: a power cut may have taken even the folder.
  await makeDirectory(root, { mode: 0o700 });
  const environment = noOverrides;
  const rooms = await openRooms({
    clock: systemClock,
    logger: silentLogger,
    places,
    version: '0.0.0',
    releasedMs: 0,
    timeZone: 'UTC',
    environment,
  });
  const faults: string[] = [];
  let seen: Omit<RebuiltDevice, 'files' | 'faults'>;
  try {
    if (rooms.recordings.problem) faults.push(rooms.recordings.problem.message);
    faults.push(...rooms.settings.notes(), ...rooms.losses.map(({ message }) => message));
    const { recordings } = await rooms.reader.query({ limit: 200 });
    const { events } = await rooms.journal.query({ limit: 200 });
    const cameras = rooms.settings.cameras().map((camera) => camera.id);
    seen = { settings: rooms.settings.get(), cameras, isClaimed: rooms.access.isClaimed(), events, recordings };
  } finally {
    await rooms.close();
  }
  faults.push(...seen.recordings.filter((one) => one.state !== 'closed').map((one) => `${one.id} is ${one.state}`));
  const said: string[] = [];
  if ((await check({ root, repair: false, say: (line) => said.push(line) })) !== 0) faults.push(...said);
  const files: RebuiltDevice['files'] = [];
  const names = await readdir(places.recordings, { recursive: true }).catch(() => []);
  for (const name of names.filter((one) => one.endsWith('.mp4'))) {
    const bytes = await readFile(join(places.recordings, name));
    const fault = await faultOf(bytes, name.startsWith('.quarantine'));
    if (fault !== null) faults.push(`${name}: ${fault}`);
    if (!name.startsWith('.'))
      files.push({ path: join(places.recordings, name), digest: createHash('sha256').update(bytes).digest('hex') });
  }
  if (files.length !== seen.recordings.length) faults.push(`${files.length} files for ${seen.recordings.length} recordings`);
  return { ...seen, files, faults };
}

/** What is on show is whole to its end; what is kept out of view holds nothing that could be shown. */
async function faultOf(bytes: Uint8Array, isQuarantined: boolean): Promise<string | null> {
  const found = await scan({ sizeBytes: bytes.length, read: async (offset, length) => bytes.subarray(offset, offset + length) });
  if (isQuarantined) return found.parts.length > 0 ? `${found.parts.length} whole parts are out of view` : null;
  if (found.parts.length === 0) return 'holds no whole part';
  return found.validBytes === bytes.length ? null : `only ${found.validBytes} of ${bytes.length} bytes are whole`;
}
