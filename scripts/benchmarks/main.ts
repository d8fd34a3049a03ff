/** What `scripts/bench` runs. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureClips } from './parts/clips.ts';
import { measureCpu } from './parts/cpu.ts';
import { measureExport } from './parts/export.ts';
import { measureIndex } from './parts/index-rows.ts';
import { measureLive } from './parts/live.ts';
import type { Bench } from './parts/part.ts';
import { measureStartUp } from './parts/start-up.ts';
import { describeMachine } from './report/machine.ts';
import { plot } from './report/plot.ts';
import type { Results } from './report/results.ts';
import { rows } from './report/rows.ts';
import { table } from './report/table.ts';

const root = join(import.meta.dirname, '../..');
const parts = ['live', 'start', 'export', 'clips', 'cpu', 'index'] as const;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { seconds: { type: 'string', default: '60' }, only: { type: 'string', multiple: true } },
  });
  const seconds = Number(values.seconds);
  if (!(seconds >= 1 && seconds <= 3600)) throw new Error('--seconds takes a number from 1 to 3600.');
  const unknown = values.only?.find((part) => !parts.some((known) => known === part));
  if (unknown !== undefined) throw new Error(`There is no part "${unknown}": choose of ${parts.join(', ')}.`);
  const wants = (part: (typeof parts)[number]) => values.only === undefined || values.only.includes(part);
  /** A part that fails leaves the others their results. */
  const measured = async <T>(part: (typeof parts)[number], measure: () => Promise<T>): Promise<T | null> => {
    if (!wants(part)) return null;
    console.log(`Measuring: ${part}.`);
    try {
      return await measure();
    } catch (error) {
      console.error(`The part "${part}" could not be measured.`, error);
      process.exitCode = 1;
      return null;
    }
  };
  const folder = join(root, 'bench');
  const bench: Bench = {
    seconds,
    scratch: join(folder, 'scratch'),
    footage: join(folder, 'streams'),
    clips: positionals[0] ?? join(root, '../shared/clips'),
    say: (line) => console.log(line),
  };
  // What a run that was broken off left there would be measured too.
  await rm(bench.scratch, { recursive: true, force: true, maxRetries: 5 });
  await mkdir(bench.scratch, { recursive: true });
  try {
    const results: Results = {
      machine: await describeMachine(bench.scratch),
      seconds,
      live: await measured('live', () => measureLive(bench)),
      start: await measured('start', () => measureStartUp(bench)),
      export: await measured('export', () => measureExport(bench)),
      clips: await measured('clips', () => measureClips(bench)),
      cpu: await measured('cpu', () => measureCpu(bench)),
      index: await measured('index', measureIndex),
    };
    await report(folder, results);
  } finally {
    await rm(bench.scratch, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function report(folder: string, results: Results): Promise<void> {
  const { machine } = results;
  const text = table(results, rows(results));
  await writeFile(join(folder, 'results.json'), `${JSON.stringify(results, null, 2)}\n`);
  await writeFile(join(folder, 'table.md'), text);
  if (results.cpu) {
    await writeFile(
      join(folder, 'plot.svg'),
      plot(results.cpu, `${machine.date.slice(0, 10)}, ${machine.processor}, ${machine.cores} cores`),
    );
  }
  console.log(`\n${text}\nIn ${folder}: table.md, results.json${results.cpu ? ', plot.svg' : ''}.`);
}

await main();
