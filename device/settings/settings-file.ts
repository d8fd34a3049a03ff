import { access, readFile, stat } from 'node:fs/promises';
import { writeFileAtomically } from '#device/kernel/atomic-file.ts';
import { Failure } from '#device/kernel/failure.ts';
import type { Logger } from '#device/kernel/logger.ts';
import { normalizeSource } from './camera-source.ts';
import { migrate } from './migrations.ts';
import { type SettingsFile, settingsFileSchema } from './schema.ts';

const secretMode = 0o600;
const maxSizeBytes = 16_000_000;
const brokenCopiesMax = 20;

export interface LoadedSettings {
  /** null: nothing usable was found, start afresh. */
  settings: SettingsFile | null;
  /** What had to be done to read them, in a person's words. */
  notes: string[];
  /** The file does not hold these settings (yet). */
  needsSaving: boolean;
}

/**
 * Reads the settings, from the last good copy when the file is torn or was spoilt. What was spoilt is kept beside it.
 * Throws a Failure when the file is newer than this release or may not be read: going on would overwrite it.
 */
export async function loadSettingsFile(path: string, logger: Logger): Promise<LoadedSettings> {
  const notes: string[] = [];
  const tell = (note: string, cause: unknown) => {
    notes.push(note);
    logger.error({ reason: reasonOf(cause) }, note);
  };
  const text = await readText(path);
  if (text !== null) {
    try {
      const { settings, from } = parse(text);
      if (from !== null) await writeFileAtomically(`${path}.v${from}`, text, { mode: secretMode });
      return { settings, notes, needsSaving: from !== null };
    } catch (error) {
      if (error instanceof Failure && error.kind === 'conflict') throw error;
      const copy = await keepBroken(path, text);
      tell(`The settings file was damaged (${reasonOf(error)}). It is kept as ${copy}.`, error);
    }
  }
  const previous = await readText(previousPathOf(path));
  if (previous === null) {
    if (notes.length > 0) tell('There is no earlier copy of the settings: the device starts with fresh ones.', null);
    return { settings: null, notes, needsSaving: true };
  }
  try {
    const { settings } = parse(previous);
    tell(
      text === null ? 'The settings file was missing: the last good copy is used.' : 'The last good copy of the settings is used.',
      null,
    );
    return { settings, notes, needsSaving: true };
  } catch (error) {
    tell('The last good copy of the settings is damaged too: the device starts with fresh ones.', error);
    return { settings: null, notes, needsSaving: true };
  }
}

/** Replaces the settings; what was there and good stays as the last good copy. Throws a Failure `storage-failed`. */
export async function saveSettingsFile(path: string, settings: SettingsFile, lastGood: SettingsFile | null): Promise<void> {
  try {
    if (lastGood) await writeFileAtomically(previousPathOf(path), format(lastGood), { mode: secretMode });
    await writeFileAtomically(path, format(settings), { mode: secretMode });
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

function format(settings: SettingsFile): string {
  return `${JSON.stringify(settings, null, 2)}\n`;
}

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
