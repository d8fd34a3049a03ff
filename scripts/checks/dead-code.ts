import { matchesGlob } from 'node:path';
import { z } from 'zod';
import type { Check, Problem } from './check.ts';
import type { Project } from './project.ts';
import { lastWords, runTool } from './run-tool.ts';

const rule = 'dead-code';
const configFile = 'scripts/config/knip.json';
const configSchema = z.object({ entry: z.array(z.string()).min(1) });
const placeSchema = z.object({ name: z.string(), line: z.number().optional() });
const issueSchema = z.object({ file: z.string() }).catchall(z.unknown());
const reportSchema = z.object({ issues: z.array(issueSchema) });

/** Nothing lies around that nobody calls: files, exports, dependencies. */
export const deadCodeCheck: Check = {
  name: rule,
  async run(project) {
    const entries = entryFiles(project);
    const run = await runTool(project.root, 'knip', ['--config', configFile, '--reporter', 'json', '--no-progress']);
    if (run.status > 1 || run.stdout.trim() === '') throw new Error(lastWords(run));
    const { issues } = reportSchema.parse(JSON.parse(run.stdout));
    const problems = issues.flatMap((issue) => Object.entries(issue).flatMap(([kind, places]) => problemsOf(issue.file, kind, places)));
    return { read: entries.read, problems: [...entries.problems, ...problems] };
  },
};

function problemsOf(file: string, kind: string, places: unknown): Problem[] {
  const parsed = z.array(placeSchema).safeParse(places);
  if (!parsed.success) return [];
  return parsed.data.map(({ name, line }) => ({
    rule,
    file,
    ...(line === undefined ? {} : { line }),
    message: `nobody needs it (${kind}): ${name}`,
  }));
}

/** A way in that leads to no file makes everything behind it look dead, or hides that nothing was read. */
function entryFiles(project: Project): { read: number; problems: Problem[] } {
  const { entry } = configSchema.parse(project.json(configFile));
  const matches = entry.map((pattern) => ({
    pattern,
    files: project.files.filter((file) => matchesGlob(file, pattern.replace(/!$/, ''))),
  }));
  const problems = matches
    .filter(({ files }) => files.length === 0)
    .map(({ pattern }) => ({ rule, file: configFile, message: `the entry ${pattern} names no file` }));
  return { read: matches.reduce((sum, { files }) => sum + files.length, 0), problems };
}
