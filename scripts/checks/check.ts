import type { Project } from './project.ts';

/** One place where a rule is broken. */
export interface Problem {
  rule: string;
  /** Relative to the project's folder, forward slashes. */
  file: string;
  line?: number;
  message: string;
}

export interface Finding {
  /** How many files were really looked at. A check that looked at none has proved nothing and fails. */
  read: number;
  problems: Problem[];
}

export interface Check {
  name: string;
  run(project: Project): Finding | Promise<Finding>;
}

/** Runs one check and adds the problem that no check reports by itself: that it read nothing, or broke down. */
export async function runCheck(check: Check, project: Project): Promise<Finding> {
  try {
    const finding = await check.run(project);
    if (finding.read > 0) return finding;
    return { read: 0, problems: [...finding.problems, { rule: check.name, file: '.', message: 'read no file, so it proves nothing' }] };
  } catch (error) {
    return {
      read: 0,
      problems: [{ rule: check.name, file: '.', message: `broke down: ${error instanceof Error ? error.message : error}` }],
    };
  }
}

export function describeProblem(problem: Problem): string {
  const place = problem.line === undefined ? problem.file : `${problem.file}:${problem.line}`;
  return `${place}  ${problem.rule}  ${problem.message}`;
}
