import { access, readFile, stat } from 'node:fs/promises';
import { type AtomicFileSystem, writeFileAtomically } from '#device/kernel/atomic-file.ts';
import { Failure } from '#device/kernel/failure.ts';
import type { Logger } from '#device/kernel/logger.ts';
import { normalizeSource } from './camera-source.ts';
import { migrate } from './migrations.ts';
import { type SettingsFile, settingsFileSchema, settingsVersion } from './schema.ts';

const secretMode = 0o600;
const maxSizeBytes = 16_000_000;
const brokenCopiesMax = 20;

/** What a release can read. */
export interface SettingsFormat {
  version: number;
  /** Throws a Failure `conflict` for what is newer, Error for what cannot be read. `from`: the older version it was brought from. */
  parse(text: string): { settings: SettingsFile; from: number | null };
}

interface LoadOptions {
  /** Another than today's, for tests of what is ahead. */
  format?: SettingsFormat;
  fileSystem?: AtomicFileSystem;
}

export interface LoadedSettings {
  /** null: nothing usable was found, start afresh. */
  settings: SettingsFile | null;
  /** What had to be done to read them, in a person's words. */
  notes: string[];
  /** A newer release had changed them: those from before it are in use again. */
  restored: string | null;
  /** The file does not hold these settings (yet). */
  needsSaving: boolean;
}

/**
 * Reads the settings, from the last good copy when the file is torn or was spoilt. What was spoilt is kept beside it, what is older too,
 * and what is newer gives way to what this release wrote last.
 * Throws a Failure when the file is newer than this release and none of it is there, or may not be read: going on would overwrite it.
 */
export async function loadSettingsFile(path: string, logger: Logger, options: LoadOptions = {}): Promise<LoadedSettings> {
  const { format = todaysFormat } = options;
  const notes: string[] = [];
  const tell = (note: string, cause: unknown) => {
    notes.push(note);
    logger.error({ reason: reasonOf(cause) }, note);
  };
  const text = await readText(path);
  if (text !== null) {
    try {
      const { settings, from } = format.parse(text);
      if (from !== null) await keepVersion(path, from, text, options);
      return { settings, notes, restored: null, needsSaving: from !== null };
    } catch (error) {
      if (isNewer(error)) return restore(path, text, error, tell, notes, options);
      const copy = await keepBroken(path, text);
      tell(`The settings file was damaged (${reasonOf(error)}). It is kept as ${copy}.`, error);
    }
  }
  const previous = await readText(previousPathOf(path));
  if (previous === null) {
    if (notes.length > 0) tell('There is no earlier copy of the settings: the device starts with fresh ones.', null);
    return { settings: null, notes, restored: null, needsSaving: true };
  }
  try {
    const { settings } = format.parse(previous);
    tell(
      text === null ? 'The settings file was missing: the last good copy is used.' : 'The last good copy of the settings is used.',
      null,
    );
    return { settings, notes, restored: null, needsSaving: true };
  } catch (error) {
    if (isNewer(error)) return restore(path, previous, error, tell, notes, options);
    tell('The last good copy of the settings is damaged too: the device starts with fresh ones.', error);
    return { settings: null, notes, restored: null, needsSaving: true };
  }
}

/** First the newer ones are kept, then the older ones are answered to be saved: a crash between the two begins it again. */
async function restore(
  path: string,
  newerText: string,
  newer: unknown,
  tell: (note: string, cause: unknown) => void,
  notes: string[],
  options: LoadOptions,
): Promise<LoadedSettings> {
  const { format = todaysFormat } = options;
  const backup = await newestVersion(path, format.version);
  if (backup === null) throw newer;
  const { settings } = format.parse(backup);
  const { version, release } = headOf(newerText);
  const copy = await keepVersion(path, version, newerText, options);
  const restored = `The settings were written by ${release === null ? 'a newer release' : `release ${release}`}. Those from before it are in use again; the newer ones are kept as ${copy}.`;
  tell(restored, null);
  return { settings, notes, restored, needsSaving: true };
}

/** Beside the file, one for each version. */
async function keepVersion(path: string, version: number, text: string, { fileSystem }: LoadOptions): Promise<string> {
  const copy = `${path}.v${version}`;
  await writeFileAtomically(copy, text, { mode: secretMode, ...(fileSystem ? { fileSystem } : {}) });
  return copy;
}

/** The newest kept text of a version up to `version`. */
async function newestVersion(path: string, version: number): Promise<string | null> {
  for (let candidate = version; candidate >= 1; candidate -= 1) {
    const text = await readText(`${path}.v${candidate}`);
    if (text) return text;
  }
  return null;
}

/** What every version has. */
function headOf(text: string): { version: number; release: string | null } {
  const { version, release } = JSON.parse(text) as { version: number; release?: unknown };
  return { version, release: typeof release === 'string' ? release.slice(0, 100) : null };
}

function isNewer(error: unknown): boolean {
  return error instanceof Failure && error.kind === 'conflict';
}

/**
 * Replaces the settings; what was there and good stays as the last good copy. `release`: who writes them, told by whoever finds them later.
 * Throws a Failure `storage-failed`.
 */
export async function saveSettingsFile(
  path: string,
  settings: SettingsFile,
  lastGood: SettingsFile | null,
  release: string | null,
): Promise<void> {
  try {
    if (lastGood) await writeFileAtomically(previousPathOf(path), format(lastGood, release), { mode: secretMode });
    await writeFileAtomically(path, format(settings, release), { mode: secretMode });
  } catch (cause) {
    throw new Failure('storage-failed', 'The settings could not be saved.', {
      action: 'Check that the data volume has space and can be written.',
      cause,
    });
  }
}

export function previousPathOf(path: string): string {
  return `${path}.previous`;
}

function format(settings: SettingsFile, release: string | null): string {
  return `${JSON.stringify(release === null ? settings : { release, ...settings }, null, 2)}\n`;
}

const todaysFormat: SettingsFormat = { version: settingsVersion, parse };

function parse(text: string): { settings: SettingsFile; from: number | null } {
  const { settings, from } = migrate(JSON.parse(text));
  const parsed = settingsFileSchema.parse(settings);
  const ids = parsed.cameras.map((camera) => camera.id);
  if (new Set(ids).size !== ids.length) throw new Error('two cameras have the same id');
  return {
    settings: { ...parsed, cameras: parsed.cameras.map((camera) => ({ ...camera, source: normalizeSource(camera.source) })) },
    from,
  };
}

async function readText(path: string): Promise<string | null> {
  try {
    const { size } = await stat(path);
    return size > maxSizeBytes ? '' : await readFile(path, 'utf8');
  } catch (cause) {
    const code = codeOf(cause);
    if (code === 'ENOENT') return null;
    if (code !== 'EACCES' && code !== 'EPERM') return '';
    throw new Failure('storage-failed', 'The settings file may not be read.', { action: 'Let the service own its data folder.', cause });
  }
}

async function keepBroken(path: string, text: string): Promise<string> {
  let copy = `${path}.broken-1`;
  for (let number = 2; number <= brokenCopiesMax && (await exists(copy)); number += 1) copy = `${path}.broken-${number}`;
  await writeFileAtomically(copy, text, { mode: secretMode });
  return copy;
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Never quotes the file: parsers like to repeat a piece of what they could not read, which may be a password. */
function reasonOf(error: unknown): string {
  if (error instanceof SyntaxError) return 'it is not whole JSON';
  if (error instanceof Error && error.name === 'ZodError') {
    const issues: unknown = Reflect.get(error, 'issues');
    const first: unknown = Array.isArray(issues) ? issues[0] : undefined;
    const where: unknown = typeof first === 'object' && first !== null ? Reflect.get(first, 'path') : undefined;
    return Array.isArray(where) ? `${where.join('.')} is not valid` : 'it is not valid';
  }
  return error instanceof Error ? error.message : 'nothing else was found';
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined;
}
