import { allChecks } from './all.ts';
import { describeProblem, runCheck } from './check.ts';
import { Project } from './project.ts';

/** `main.ts ROOT [NAME]…`: runs the named checks, or all, one after the other; status 1 when any found a problem. */
async function main(root: string, names: readonly string[]): Promise<number> {
  const known = allChecks.map((check) => check.name);
  if (names.includes('--help')) {
    process.stdout.write(`Usage: scripts/check [NAME]…\n\nWithout a name all of: ${known.join(', ')}\n`);
    return 0;
  }
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    process.stderr.write(`There is no check ${unknown.join(', ')}. There are: ${known.join(', ')}\n`);
    return 2;
  }
  const project = new Project(root);
  let failures = 0;
  for (const check of allChecks.filter(({ name }) => names.length === 0 || names.includes(name))) {
    const startMs = performance.now();
    const { read, problems } = await runCheck(check, project);
    const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
    const verdict = problems.length === 0 ? 'ok' : `${problems.length} problems`;
    process.stdout.write(`${check.name.padEnd(10)} ${verdict.padEnd(14)} ${read} read, ${seconds} s\n`);
    for (const problem of problems) process.stdout.write(`  ${describeProblem(problem)}\n`);
    if (problems.length > 0) failures += 1;
  }
  return failures === 0 ? 0 : 1;
}

const [root = '.', ...names] = process.argv.slice(2);
process.exitCode = await main(root, names);
