import type { Check, Problem } from './check.ts';
import { targetOf } from './imports.ts';
import type { Project } from './project.ts';

const rule = 'cycles';

/** No file leads back to itself, not even through types: a circle of files is one file in pieces. */
export const cyclesCheck: Check = {
  name: rule,
  run(project) {
    const sources = project.sources();
    const graph = new Map(sources.map((file) => [file, neighbours(project, file)]));
    return { read: sources.length, problems: circles(graph).map(asProblem) };
  },
};

function neighbours(project: Project, file: string): string[] {
  const targets = project.module(file).imports.map((found) => targetOf(file, found.specifier));
  return targets.filter((target) => target !== null);
}

function asProblem(circle: string[]): Problem {
  const [first = '.'] = circle;
  return { rule, file: first, message: `imports itself: ${[...circle, first].join(' → ')}` };
}

/** Each circle once, found by walking depth first; a file that was walked to its end is never entered again. */
function circles(graph: ReadonlyMap<string, string[]>): string[][] {
  const found: string[][] = [];
  const done = new Set<string>();
  const path: string[] = [];
  const walk = (file: string): void => {
    const at = path.indexOf(file);
    if (at >= 0) {
      found.push(path.slice(at));
      return;
    }
    if (done.has(file)) return;
    path.push(file);
    for (const next of graph.get(file) ?? []) walk(next);
    path.pop();
    done.add(file);
  };
  for (const file of graph.keys()) walk(file);
  return found;
}
