import { z } from 'zod';
import type { Check, Problem } from './check.ts';
import { runTool } from './run-tool.ts';

const rule = 'shell';
const reportSchema = z.array(z.object({ file: z.string(), line: z.number(), code: z.number(), message: z.string() }));

/** Every shell script, found by its name or its first line. */
export const shellCheck: Check = {
  name: rule,
  async run(project) {
    const files = project.files.filter(
      (file) => file.endsWith('.sh') || (!/\.[a-z]+$/.test(file) && /^#!.*sh$/m.test(firstLine(project.text(file)))),
    );
    if (files.length === 0) return { read: 0, problems: [] };
    const run = await runTool(project.root, 'shellcheck', ['--external-sources', '--format=json', ...files]);
    const problems: Problem[] = reportSchema
      .parse(JSON.parse(run.stdout))
      .map(({ file, line, code, message }) => ({ rule, file, line, message: `SC${code} ${message}` }));
    return { read: files.length, problems };
  },
};

function firstLine(text: string): string {
  return text.slice(0, text.indexOf('\n') + 1).trimEnd();
}
