import type { Bench } from './bench/bench.ts';
import type { Figure, Suite } from './suites/suite.ts';

export interface SuiteResult {
  name: string;
  proves: string;
  outcome: 'passed' | 'failed' | 'not possible here';
  /** Why it failed or is not possible. */
  why: string;
  figures: readonly Figure[];
  minutes: number;
}

const lastLines = 40;

/** One after the other; a suite that fails does not keep the next from running. */
export async function runSuites(
  bench: Bench,
  suites: readonly Suite[],
  options: { rounds: number; say(text: string): void },
): Promise<SuiteResult[]> {
  const results: SuiteResult[] = [];
  for (const suite of suites) {
    options.say(`${suite.name} …`);
    const result = await runOne(bench, suite, options);
    options.say(`${suite.name}: ${result.outcome}${result.why === '' ? '' : `: ${result.why}`}`);
    results.push(result);
  }
  return results;
}

async function runOne(bench: Bench, suite: Suite, options: { rounds: number; say(text: string): void }): Promise<SuiteResult> {
  const { name, proves } = suite;
  const figures: Figure[] = [];
  const lacking = suite.needs.flatMap((need) => bench.lacks(need) ?? []);
  if (lacking.length > 0) return { name, proves, outcome: 'not possible here', why: lacking.join('; '), figures, minutes: 0 };
  const startMs = performance.now();
  const minutes = () => (performance.now() - startMs) / 60_000;
  const report = (what: string, value: string): void => {
    options.say(`  ${what}: ${value}`);
    figures.push({ what, value });
  };
  try {
    await suite.run(bench, { ...options, report });
    return { name, proves, outcome: 'passed', why: '', figures, minutes: minutes() };
  } catch (error) {
    options.say(bench.console().split('\n').slice(-lastLines).join('\n'));
    await bench.cutPower();
    return { name, proves, outcome: 'failed', why: error instanceof Error ? error.message : String(error), figures, minutes: minutes() };
  }
}
