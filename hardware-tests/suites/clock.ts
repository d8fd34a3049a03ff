import type { Recording } from '#device/contract/contract.ts';
import type { Bench } from '../bench/bench.ts';
import { type Portal, until } from '../bench/portal.ts';
import { powerOnAndEnter } from './own-device.ts';
import { playedClip } from './played-clip.ts';
import { must, mustBeSound, type Suite } from './suite.ts';

/** The emulated clock counts whole seconds, a step is noticed within one, and reading the answers takes some on a busy machine. */
const slackMs = 10_000;

export const clock: Suite = {
  name: 'clock that was lost',
  proves: 'a board without a battery begins in 1970: it records at once, and all of it has its true time as soon as that is known',
  needs: ['fresh-volume', 'lost-clock'],
  async run(bench, { report }) {
    const sinceMs = performance.now();
    const { portal } = await powerOnAndEnter(bench, { data: 'fresh', clock: 'lost', environment: playedClip });
    const writing = async () => (await portal.recordings()).find(({ state, durationMs }) => state === 'writing' && durationMs > 0);
    const seconds = await until('it records', async () => (await writing()) !== undefined, { withinMs: 300_000, sinceMs });
    report('from power to the first video on the disk, in 1970', `${seconds.toFixed(1)} s`);
    const before = await writing();
    must(before?.clock === 'approximate', 'the time is taken for a true one');
    must(Date.parse(before.start) >= Date.parse('2026-01-01'), `it is filed under ${before.start}`);
    const trueStartMs = Date.now() - before.durationMs;
    await setClock(bench);
    const stamped = await stampedAnew(portal, before.id);
    const errorMs = Math.abs(Date.parse(stamped.start) - trueStartMs);
    report('the start of what was recorded before the time was known, against the true one', `${(errorMs / 1000).toFixed(1)} s`);
    must(errorMs < slackMs, `${before.id} begins at ${stamped.start}, not at ${new Date(trueStartMs).toISOString()}`);
    await until('it goes on in true time', async () => (await writing())?.clock === 'set', { withinMs: 60_000 });
    const lost = gapMs(await portal.recordings());
    report('missing between the two recordings', `${(lost / 1000).toFixed(1)} s`);
    must(lost < slackMs, 'video is missing where the clock was set');
    const files = await bench.run('ls', '/data/recordings/gate');
    must(!/^(approx-)?(19|20[01])/m.test(files.output), `filed under a wrong year: ${files.output}`);
    await mustBeSound(bench);
    await bench.cutPower();
  },
};

/** As a time server does, once the network is there. */
async function setClock(bench: Bench): Promise<void> {
  const { status, output } = await bench.onMachine(`date -s @${Math.round(Date.now() / 1000)}`);
  must(status === 0, `the clock cannot be set: ${output}`);
}

async function stampedAnew(portal: Portal, id: string): Promise<Recording> {
  let found: Recording | undefined;
  await until(
    'the recording has its true time',
    async () => {
      found = (await portal.recordings()).find((one) => one.id === id && one.clock === 'set');
      return found !== undefined;
    },
    { withinMs: 60_000 },
  );
  must(found !== undefined, 'the recording is gone');
  return found;
}

/** The longest time without video between two that follow one another. */
function gapMs(recordings: readonly Recording[]): number {
  const sorted = recordings.toSorted((one, other) => Date.parse(one.start) - Date.parse(other.start));
  const gaps = sorted.slice(1).map((one, index) => {
    const previous = sorted[index];
    return previous === undefined ? 0 : Date.parse(one.start) - Date.parse(previous.start) - previous.durationMs;
  });
  return Math.max(0, ...gaps);
}
