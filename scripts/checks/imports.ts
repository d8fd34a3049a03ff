import { posix } from 'node:path';
import type { Check, Problem } from './check.ts';
import { mayImport, mayImportPackage, roomOf } from './rooms.ts';
import type { Import } from './source-module.ts';

const rule = 'imports';

/** The file that a specifier names, or null for a package. A missing file is answered too: the caller looks whether it is there. */
export function targetOf(file: string, specifier: string): string | null {
  if (specifier.startsWith('#device/')) return specifier.slice(1);
  if (specifier.startsWith('.')) return posix.normalize(posix.join(posix.dirname(file), specifier)).replace(/\?.*$/, '');
  return null;
}

/** Rooms import only what architecture.md allows them, and write it the one way there is. */
export const importsCheck: Check = {
  name: rule,
  run(project) {
    const sources = project.sources();
    const present = new Set(project.files);
    const problems = sources.flatMap((file) =>
      project.module(file).imports.flatMap((found) => {
        const message = judge(present, file, found);
        return message === null ? [] : [{ rule, file, line: found.line, message } satisfies Problem];
      }),
    );
    return { read: sources.length, problems };
  },
};

function judge(present: ReadonlySet<string>, file: string, found: Import): string | null {
  const { specifier } = found;
  const room = roomOf(file);
  if (room === null) return 'lies in no room';
  if (specifier === '(computed)') return 'what is imported must be written out';
  const target = targetOf(file, specifier);
  if (target === null) return mayImportPackage(file, room, specifier) ? null : `${room} may not import the package ${specifier}`;
  if (!present.has(target)) return `${specifier} is no file of the project (imports end with their extension)`;
  const targetRoom = roomOf(target);
  if (targetRoom === null) return file.startsWith('scripts/') ? null : `${target} lies in no room`;
  if (!mayImport(file, room, targetRoom, found.typeOnly)) {
    const types = mayImport(file, room, targetRoom, true);
    return types ? `${room} may import only types of ${targetRoom}: write import type` : `${room} may not import ${targetRoom}`;
  }
  return targetRoom.startsWith('device/') ? judgeStyle(specifier, room, targetRoom) : null;
}

function judgeStyle(specifier: string, room: string, targetRoom: string): string | null {
  const relative = specifier.startsWith('.');
  if (room === targetRoom) return relative ? null : 'inside a room imports are relative: ./file.ts';
  return relative && room !== 'device' ? 'other rooms are imported as #device/room/file.ts' : null;
}
