import { Failure } from '#device/kernel/failure.ts';
import { settingsVersion } from './schema.ts';

/** One step from a version to the next. Reads what that version wrote, never today's schema, and never changes what it was given. */
export interface Migration {
  from: number;
  migrate(settings: Readonly<Record<string, unknown>>): Record<string, unknown>;
}

/** In order, without gaps; a step that was released is never changed again. Version 1 is the first. */
export const migrations: readonly Migration[] = [];

export interface Migrated {
  settings: Record<string, unknown>;
  /** The version found, when steps were taken from it. */
  from: number | null;
}

/**
 * Brings settings of any older version to today's.
 * Throws a Failure `conflict` for a version newer than this release, and Error for what are no settings at all.
 */
export function migrate(value: unknown, steps: readonly Migration[] = migrations, target: number = settingsVersion): Migrated {
  const found = versionOf(value);
  if (found.version > target) {
    throw new Failure(
      'conflict',
      `The settings were written by a newer release (version ${found.version}); this one knows up to ${target}.`,
      {
        action: 'Install the newer release again, or restore a backup made by this one.',
      },
    );
  }
  let settings = found.settings;
  for (let version = found.version; version < target; version += 1) {
    const step = steps.find((candidate) => candidate.from === version);
    if (!step) throw new Error(`settings of version ${version} cannot be read`);
    settings = { ...step.migrate(settings), version: version + 1 };
  }
  return { settings, from: found.version < target ? found.version : null };
}

function versionOf(value: unknown): { settings: Record<string, unknown>; version: number } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('settings are not an object');
  const settings = value as Record<string, unknown>;
  const version = settings['version'];
  if (typeof version !== 'number' || !Number.isSafeInteger(version) || version < 1) throw new Error('settings name no version');
  return { settings, version };
}
