import { stat } from 'node:fs/promises';
import { integrityFindings, openDatabase } from '#device/kernel/database.ts';
import { Failure } from '#device/kernel/failure.ts';
import { openSoundDatabase } from '#device/kernel/sound-database.ts';
import { checkRecordings } from '#device/recordings/check.ts';
import { nodeDisk } from '#device/recordings/disk.ts';
import { type RecordingsTables, recordingsMigrations } from '#device/recordings/index-schema.ts';
import { RecordingIndex } from '#device/recordings/recording-index.ts';
import type { Finding } from '#device/recordings/repair.ts';
import { lockFolder } from '#device/recordings/volume.ts';
import { type Places, placesIn, withRecordingPlace } from '../places.ts';
import { mustBeThere } from './must-be-there.ts';

interface CheckCommandOptions {
  root: string;
  repair: boolean;
  say(text: string): void;
}

/** Answers the exit status: 0 when nothing is wrong any more, 1 when something is. */
export async function check({ root, repair, say }: CheckCommandOptions): Promise<number> {
  const places = await withRecordingPlace(placesIn(root));
  const action = 'Give the right folder with --data.';
  await mustBeThere(
    places.indexFile,
    (cause) => new Failure('not-found', `There are no recordings of a device in ${root}.`, { action, cause }),
  );
  const damaged = new Set<string>();
  for (const file of [places.indexFile, places.eventsFile, places.accessFile]) {
    const findings = await damageOf(file);
    for (const finding of findings) say(`${file}: ${finding}`);
    if (findings.length > 0) damaged.add(file);
  }
  const { recordingDisk: disk } = places;
  if (disk !== null) await mustBeThere(places.recordings, (cause) => diskIsAway(disk, cause));
  let wrong = damaged.size;
  if (repair && damaged.delete(places.indexFile)) {
    wrong -= 1;
    say(`${places.indexFile}: is begun anew from the recordings (repaired)`);
  }
  const findings = damaged.has(places.indexFile) ? [] : await findingsOf(places, repair);
  for (const { invariant, path = 'recordings', message, repaired } of findings) {
    say(`invariant ${invariant}: ${path}: ${message}${repaired ? ' (repaired)' : ''}`);
    if (!repaired) wrong += 1;
  }
  if (wrong > 0) {
    const advice = repair
      ? 'A start of the device begins anew what is damaged.'
      : 'The next start of the device puts right what a sudden stop left; or run this again with --repair while it is stopped.';
    say(`${wrong} ${wrong === 1 ? 'thing is' : 'things are'} wrong. ${advice}`);
    return 1;
  }
  say('All is well.');
  return 0;
}

function diskIsAway(disk: string, cause: unknown): Failure {
  return new Failure('unavailable', `The disk ${disk}, on which recordings are kept, is not there: they cannot be looked at.`, {
    action:
      'Plug it in, and run this while the device runs: only the running device puts it in its place, and mends there what a sudden stop left.',
    cause,
  });
}

/** While the device runs, what it is writing is no finding; repairing is refused then. */
async function findingsOf(places: Places, repair: boolean): Promise<Finding[]> {
  const unlock = await lockFolder(places.lockFile).catch((error: unknown) => {
    if (repair || !(error instanceof Failure)) throw error;
    return null;
  });
  const options = { file: places.indexFile, room: 'recordings', migrations: recordingsMigrations };
  const database = repair ? (await openSoundDatabase<RecordingsTables>(options)).database : await openDatabase<RecordingsTables>(options);
  try {
    const index = new RecordingIndex(database);
    const writing = unlock ? [] : await index.inState('writing');
    const inUse = new Set(writing.map((row) => row.path));
    return await checkRecordings({ disk: nodeDisk(), folder: places.recordings, index }, { repair, inUse });
  } finally {
    await database.close();
    await unlock?.();
  }
}

async function damageOf(file: string): Promise<string[]> {
  const there = await stat(file).then(
    () => true,
    () => false,
  );
  if (!there) return [];
  try {
    const database = await openDatabase({ file, room: 'check', migrations: {} });
    try {
      return await integrityFindings(database.read);
    } finally {
      await database.close();
    }
  } catch {
    return ['cannot be read, so it is damaged'];
  }
}
