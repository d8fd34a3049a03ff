import { z } from 'zod';
import type { Check } from './check.ts';

const rule = 'lockfile';
const file = 'package-lock.json';
const listSchema = z.record(z.string(), z.string()).default({});
const entrySchema = z.object({ dev: z.boolean().default(false), optionalDependencies: listSchema, resolved: z.string().optional() });
export const lockSchema = z.object({ packages: z.record(z.string(), entrySchema) });
export type Lock = z.infer<typeof lockSchema>;

/** Optional packages (for other platforms, as a rule) that are asked for and have no entry. */
export function absentOptional(lock: Lock): { name: string; version: string; dev: boolean }[] {
  return Object.values(lock.packages).flatMap((entry) =>
    Object.entries(entry.optionalDependencies)
      .filter(
        ([name]) => !Object.keys(lock.packages).some((path) => path === `node_modules/${name}` || path.endsWith(`/node_modules/${name}`)),
      )
      .map(([name, version]) => ({ name, version, dev: entry.dev })),
  );
}

/** The lockfile says the same on every machine: complete for all platforms, and without the address of anybody's registry. */
export const lockfileCheck: Check = {
  name: rule,
  run(project) {
    const lock = lockSchema.parse(project.json(file));
    const absent = absentOptional(lock).map(({ name, version }) => `${name}@${version} has no entry: node scripts/complete-lockfile.ts`);
    const addressed = Object.entries(lock.packages).filter(([, { resolved }]) => resolved !== undefined);
    const tied = addressed.map(([path, { resolved }]) => `${path} is tied to ${resolved}`);
    return { read: Object.keys(lock.packages).length, problems: [...absent, ...tied].map((message) => ({ rule, file, message })) };
  },
};
