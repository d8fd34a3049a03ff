import { z } from 'zod';
import type { Check, Problem } from './check.ts';

const rule = 'versions';
const file = 'package.json';
const listSchema = z.record(z.string(), z.string()).default({});
const packageSchema = z.object({ dependencies: listSchema, devDependencies: listSchema, optionalDependencies: listSchema });

/** Every dependency is one exact version, so that two machines never run two programs. */
export const versionsCheck: Check = {
  name: rule,
  run(project) {
    const { dependencies, devDependencies, optionalDependencies } = packageSchema.parse(project.json(file));
    const all = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies });
    const problems: Problem[] = all
      .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
      .map(([name, version]) => ({ rule, file, message: `${name} is asked for as "${version}", which is not one exact version` }));
    return { read: all.length, problems };
  },
};
