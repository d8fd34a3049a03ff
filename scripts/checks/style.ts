import { z } from 'zod';
import type { Check } from './check.ts';
import { lastWords, runTool } from './run-tool.ts';

const rule = 'style';
const reportSchema = z.object({
  summary: z.object({ changed: z.number(), unchanged: z.number(), diagnosticsNotPrinted: z.number() }),
  diagnostics: z.array(
    z.object({
      severity: z.enum(['hint', 'information', 'warning', 'error', 'fatal']),
      message: z.string(),
      category: z.string(),
      location: z.object({ path: z.string(), start: z.object({ line: z.number() }) }),
    }),
  ),
});

/** Lint and format, as .biome.json says. Warnings count, hints do not. */
export const styleCheck: Check = {
  name: rule,
  async run(project) {
    const run = await runTool(project.root, 'biome', ['check', '--reporter=json', '--diagnostic-level=warn', '--max-diagnostics=none']);
    if (!run.stdout.startsWith('{')) throw new Error(lastWords(run));
    const { summary, diagnostics } = reportSchema.parse(JSON.parse(run.stdout));
    const problems = diagnostics.map(({ category, message, location }) => ({
      rule: `${rule}: ${category}`,
      file: location.path,
      line: location.start.line,
      message,
    }));
    if (run.status !== 0 && problems.length === 0) problems.push({ rule, file: '.biome.json', line: 1, message: lastWords(run) });
    return { read: summary.changed + summary.unchanged, problems };
  },
};
