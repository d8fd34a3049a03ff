import { setTimeout as pause } from 'node:timers/promises';
import type { Recording } from '#device/contract/contract.ts';
import type { Bench } from '../bench/bench.ts';
import { type Portal, until } from '../bench/portal.ts';
import { freshOrKept, powerOnAndEnter } from './own-device.ts';
import { playedClip } from './played-clip.ts';
import { must, mustBeSound, type Suite } from './suite.ts';

/** What a continuous recording may lose; device/design/storage.md. */
const budgetMs = 10_000;
/** The emulated clock begins with a whole second, and asking what time it is takes some. */
const clockErrorMs = 1_500;
const longestWaitMs = 20_000;

interface Cut {
  /** As the box's clock counts. */
  boxMs: number;
  /** What was being recorded; its duration is what was on the disk for sure. */
  last: Pick<Recording, 'id' | 'start' | 'durationMs'>;
  /** What was finished before and may never go. */
  closed: readonly string[];
}

export const powerCut: Suite = {
  name: 'power cut while recording',
  proves:
    'however often the power goes at a random moment, the box boots by itself, check finds nothing, and at most 10 s of video are gone',
  needs: ['power-cut'],
  async run(bench, { report, say, rounds }) {
    const losses: number[] = [];
    const starts: number[] = [];
    let cut: Cut | null = null;
    for (let round = 0; round <= rounds; round += 1) {
      const sinceMs = performance.now();
      const data = round === 0 ? freshOrKept(bench) : 'kept';
      const { portal, seconds: start } = await powerOnAndEnter(bench, { data, environment: playedClip });
      starts.push(start);
      if (cut !== null) losses.push(await soundAfter(bench, portal, cut, say));
      if (round === rounds) break;
      cut = await recordAndCut(bench, portal);
      say(`  cut ${round + 1} of ${rounds}: ${((performance.now() - sinceMs) / 1000).toFixed(0)} s after power on`);
    }
    await bench.cutPower();
    report('cuts', String(losses.length));
    report('video lost, median and most', `${seconds(median(losses))} and ${seconds(Math.max(...losses))} of at most ${seconds(budgetMs)}`);
    report('from power to portal, median and most', `${median(starts).toFixed(1)} s and ${Math.max(...starts).toFixed(1)} s`);
  },
};

async function recordAndCut(bench: Bench, portal: Portal): Promise<Cut> {
  const bootMs = Date.parse((await portal.system()).time) - (await portal.system()).uptimeMs;
  const ofThisStart = async () => (await portal.recordings()).find(({ start }) => Date.parse(start) > bootMs);
  // On busy cores the emulated camera itself is late at first: what it has not sent yet cannot be lost.
  const keepsUp = async () => {
    const recording = await ofThisStart();
    return recording !== undefined && Date.parse((await portal.system()).time) - endOf(recording) <= budgetMs;
  };
  await until('what this start records is no older than may be lost', keepsUp, { withinMs: 300_000 });
  await pause(Math.random() * longestWaitMs);
  const closed = (await portal.recordings()).filter(({ state }) => state === 'closed').map(({ id }) => id);
  const last = await ofThisStart();
  must(last !== undefined, 'what was being recorded is gone');
  const askedMs = performance.now();
  const { time } = await portal.system();
  await bench.cutPower();
  return { boxMs: Date.parse(time) + performance.now() - askedMs, last, closed };
}

/** Answers how many milliseconds of video are gone. */
async function soundAfter(bench: Bench, portal: Portal, cut: Cut, say: (text: string) => void): Promise<number> {
  must(!/EXT4-fs error|Kernel panic/.test(bench.console()), 'the file system or the kernel complains');
  const recordings = await portal.recordings();
  const gone = cut.closed.filter((id) => !recordings.some((recording) => recording.id === id));
  must(gone.length === 0, `finished recordings are gone: ${gone.join(', ')}`);
  const said = await mustBeSound(bench);
  // One that was younger than what may be lost can be gone altogether.
  const last = recordings.find(({ id }) => id === cut.last.id);
  const lossMs = cut.boxMs - endOf({ start: cut.last.start, durationMs: last?.durationMs ?? 0 });
  say(`  lost ${seconds(lossMs)}, where ${seconds(cut.boxMs - endOf(cut.last))} were not said to be on the disk; check: ${said}`);
  must((last?.durationMs ?? 0) >= cut.last.durationMs, 'what was said to be on the disk is gone');
  must(lossMs <= budgetMs + clockErrorMs, `${seconds(lossMs)} of video are gone`);
  return Math.max(0, lossMs);
}

function endOf({ start, durationMs }: Pick<Recording, 'start' | 'durationMs'>): number {
  return Date.parse(start) + durationMs;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}
