import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { z } from 'zod';
import type { Check, Problem } from './check.ts';
import type { Project } from './project.ts';
import { lastWords, runTool } from './run-tool.ts';

const rule = 'types';
const referencesSchema = z.object({ references: z.array(z.object({ path: z.string() })).min(1) });
const configSchema = z.object({ compilerOptions: z.object({ tsBuildInfoFile: z.string() }) });
const buildInfoSchema = z.object({ fileNames: z.array(z.string()) });

/** The whole program is typed, and every file of it belongs to a program. */
export const typesCheck: Check = {
  name: rule,
  async run(project) {
    const run = await runTool(project.root, 'tsc', ['-b', '--pretty', 'false']);
    const problems = [...run.stdout.matchAll(/^(.+)\((\d+),\d+\): (error .*)$/gm)].map(
      ([, file = '', line, message = '']): Problem => ({ rule, file: posix.normalize(file), line: Number(line), message }),
    );
    if (run.status !== 0 && problems.length === 0) problems.push({ rule, file: 'tsconfig.json', message: lastWords(run) });
    const typed = typedFiles(project);
    const strangers = project.sources().filter((file) => !typed.has(file));
    problems.push(...strangers.map((file) => ({ rule, file, message: 'is in no TypeScript program' })));
    return { read: typed.size, problems };
  },
};

/** The compiler writes down which files it has read. */
function typedFiles(project: Project): Set<string> {
  const files = new Set<string>();
  for (const { path } of referencesSchema.parse(project.json('tsconfig.json')).references) {
    const folder = posix.normalize(path);
    const { tsBuildInfoFile } = configSchema.parse(project.json(`${folder}/tsconfig.json`)).compilerOptions;
    const infoFile = posix.join(folder, tsBuildInfoFile);
    if (!existsSync(join(project.root, infoFile))) continue;
    const info = buildInfoSchema.parse(JSON.parse(readFileSync(join(project.root, infoFile), 'utf8')));
    for (const name of info.fileNames) files.add(posix.join(posix.dirname(infoFile), name));
  }
  const known = new Set(project.files);
  return new Set([...files].filter((file) => known.has(file)));
}
