import type { Bench } from './bench/bench.ts';
import type { SuiteResult } from './run-suites.ts';

/** What was proved, by which numbers, and what was not the real thing. */
export function table(bench: Pick<Bench, 'name' | 'emulated'>, results: readonly SuiteResult[]): string {
  const head = ['| Suite | Outcome | Minutes | Numbers |', '| --- | --- | --- | --- |'];
  const rows = results.map(({ name, outcome, why, figures, minutes }) => {
    const numbers = [...(why === '' ? [] : [why]), ...figures.map(({ what, value }) => `${what}: ${value}`)].map(cell).join('<br>');
    return `| ${cell(name)} | ${outcome} | ${minutes.toFixed(1)} | ${numbers} |`;
  });
  const emulated = bench.emulated.length === 0 ? [] : ['Emulated:', '', ...bench.emulated.map((line) => `- ${line}`), ''];
  return [`# Bench: ${bench.name}`, '', ...emulated, ...head, ...rows, ''].join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
