import type { Check, Problem } from './check.ts';
import { isTest } from './rooms.ts';

const rule = 'sizes';
const limits = { fileLines: 300, testFileLines: 400, functionLines: 60 };

/** A file or function past its size is asking to be two. */
export const sizesCheck: Check = {
  name: rule,
  run(project) {
    const files = project.files.filter((file) => /\.(tsx?|css|sh|py)$/.test(file) || /^scripts\/[a-z-]+$/.test(file));
    const problems: Problem[] = [];
    for (const file of files) {
      const lines = project.text(file).trimEnd().split('\n').length;
      const limit = isTest(file) ? limits.testFileLines : limits.fileLines;
      if (lines > limit) problems.push({ rule, file, message: `has ${lines} lines; ${limit} are allowed` });
      if (!/\.tsx?$/.test(file)) continue;
      for (const { name, line, lines: length } of project.module(file).functions) {
        if (length <= limits.functionLines) continue;
        problems.push({ rule, file, line, message: `${name} has ${length} lines; ${limits.functionLines} are allowed` });
      }
    }
    return { read: files.length, problems };
  },
};
