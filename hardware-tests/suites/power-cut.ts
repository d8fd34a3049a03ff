import type { Bench } from '../bench/bench.ts';
import type { Portal } from '../bench/portal.ts';
import { budgetMs, endOf, type Interruption, interrupt, lostMs, seconds } from './interrupted-recording.ts';
import { freshOrKept, powerOnAndEnter } from './own-device.ts';
import { playedClip } from './played-clip.ts';
import { must, mustBeSound, type Suite } from './suite.ts';

export const powerCut: Suite = {
  name: 'power cut while recording',
  proves:
    'however often the power goes at a random moment, the box boots by itself, check finds nothing, and at most 10 s of video are gone',
  needs: ['power-cut'],
  async run(bench, { report, say, rounds }) {
    const losses: number[] = [];
    const starts: number[] = [];
    let cut: Interruption | null = null;
    for (let round = 0; round <= rounds; round += 1) {
      const sinceMs = performance.now();
      const data = round === 0 ? freshOrKept(bench) : 'kept';
      const { portal, seconds: start } = await powerOnAndEnter(bench, { data, environment: playedClip });
      starts.push(start);
      if (cut !== null) losses.push(await soundAfter(bench, portal, cut, say));
      if (round === rounds) break;
      cut = await interrupt(portal, () => bench.cutPower());
      say(`  cut ${round + 1} of ${rounds}: ${((performance.now() - sinceMs) / 1000).toFixed(0)} s after power on`);
    }
    await bench.cutPower();
    report('cuts', String(losses.length));
    report('video lost, median and most', `${seconds(median(losses))} and ${seconds(Math.max(...losses))} of at most ${seconds(budgetMs)}`);
    report('from power to portal, median and most', `${median(starts).toFixed(1)} s and ${Math.max(...starts).toFixed(1)} s`);
  },
};

/** Answers how many milliseconds of video are gone. */
async function soundAfter(bench: Bench, portal: Portal, cut: Interruption, say: (text: string) => void): Promise<number> {
  must(!/EXT4-fs error|Kernel panic/.test(bench.console()), 'the file system or the kernel complains');
  const recordings = await portal.recordings();
  const said = await mustBeSound(bench);
  const lossMs = lostMs(recordings, cut);
  say(`  lost ${seconds(lossMs)}, where ${seconds(cut.boxMs - endOf(cut.last))} were not said to be on the disk; check: ${said}`);
  return lossMs;
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}
