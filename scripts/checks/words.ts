import { z } from 'zod';
import type { Check, Problem } from './check.ts';

const rule = 'words';
const listFile = 'scripts/config/words.json';
const listSchema = z.array(z.object({ pattern: z.string(), why: z.string() })).min(1);

/** Made by tools, or the list itself. */
const exempt = new Set(['package-lock.json', listFile]);

/** Words that have no place in what is handed to others. */
export const wordsCheck: Check = {
  name: rule,
  run(project) {
    const list = listSchema.parse(project.json(listFile)).map(({ pattern, why }) => ({ expression: new RegExp(pattern), why }));
    const files = project.files.filter((file) => !exempt.has(file) && !/\.(png|jpe?g|ico|woff2?|mp4|patch)$/.test(file));
    const problems: Problem[] = [];
    for (const file of files) {
      for (const [index, line] of project.text(file).split('\n').entries()) {
        for (const { expression, why } of list) {
          const found = expression.exec(line)?.[0];
          if (found !== undefined) problems.push({ rule, file, line: index + 1, message: `"${found.trim()}": ${why}` });
        }
      }
    }
    return { read: files.length, problems };
  },
};
