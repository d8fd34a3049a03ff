import type { Bench } from '../bench/bench.ts';
import { Portal, until } from '../bench/portal.ts';
import { playedClip } from './played-clip.ts';
import { must, type Suite } from './suite.ts';
import { findSupervisor } from './supervisor-process.ts';

const light = '/sys/class/leds/ACT';
/** As device/design/hardware.md says them: so many flashes, then dark for 1.6 s. */
const flashesOf = { unclaimed: 2, recording: 1 } as const;
/** Between two flashes of one group it is dark for 0.3 s, between two groups for 1.6 s. */
const groupPauseSeconds = 0.9;
/** Identifying is 7 flashes a second where nothing is in its way; no other mood of a device that has started has as many as 1.5. */
const hurriedPerSecond = 1.5;

interface Look {
  atSeconds: number;
  isLit: boolean;
}

export const lights: Suite = {
  name: 'lights',
  proves: 'the green light tells that the device wants an owner, that it records, and which one it is, and is given back at the end',
  needs: ['lights', 'fresh-volume'],
  async run(bench, { report }) {
    await bench.powerOn({ data: 'fresh', environment: playedClip });
    const before = await triggerOf(bench);
    const portal = new Portal(bench);
    await until('the portal answers', () => portal.answers(), { withinMs: 300_000 });
    await until('the light is taken', async () => (await triggerOf(bench)) === 'none', { withinMs: 60_000 });
    await shows(bench, 'unclaimed', report);
    await portal.enter();
    await until('it records', async () => (await portal.cameras()).some(({ status }) => status.recordingNow), { withinMs: 180_000 });
    await shows(bench, 'recording', report);
    await until('it flashes in a hurry', () => hurries(bench, portal, report), { withinMs: 120_000 });
    const after = await triggerAtTheEnd(bench);
    report('trigger before and after', `${before} and ${after}`);
    must(after === 'heartbeat' || after === before, `the light is not given back: ${after}`);
    await bench.cutPower();
  },
};

async function shows(bench: Bench, mood: keyof typeof flashesOf, report: (what: string, value: string) => void): Promise<void> {
  let groups: number[] = [];
  await until(
    `the light says "${mood}"`,
    async () => {
      groups = groupsOf(flashTimes(await watch(bench)));
      // The first and the last may have been cut off by looking.
      const whole = groups.slice(1, -1);
      must(whole.length > 0 && whole.every((count) => count === flashesOf[mood]), `flashes in groups of ${groups.join(', ')}`);
      return true;
    },
    { withinMs: 120_000 },
  );
  report(`flashes while ${mood}`, groups.slice(1, -1).join(', '));
}

async function hurries(bench: Bench, portal: Portal, report: (what: string, value: string) => void): Promise<boolean> {
  await portal.identify();
  const looks = await watch(bench);
  const perSecond = flashTimes(looks).length / ((looks.at(-1)?.atSeconds ?? 0) - (looks[0]?.atSeconds ?? 0));
  report('flashes a second while it is identified', perSecond.toFixed(1));
  return perSecond >= hurriedPerSecond;
}

/** Fifteen seconds of it, by a shell that does nothing else and tells every change: a program started for each look would miss some. */
async function watch(bench: Bench): Promise<Look[]> {
  const begin = `read -r at rest </proc/uptime; end=$((\${at%.*} + 15)); was=`;
  const look = `read -r at rest </proc/uptime; read -r level <${light}/brightness; [ "$level" = "$was" ] || echo "$at $level"; was=$level`;
  const { output } = await bench.onMachine(`${begin}; while [ "\${at%.*}" -lt "$end" ]; do ${look}; done; echo "$at $level"`);
  const lines = output.split('\n').filter((text) => /^[\d.]+ \d+$/.test(text));
  return lines.map((text) => ({ atSeconds: Number(text.split(' ')[0]), isLit: Number(text.split(' ')[1]) > 0 }));
}

function flashTimes(looks: readonly Look[]): number[] {
  return looks.filter(({ isLit }, index) => isLit && looks[index - 1]?.isLit === false).map(({ atSeconds }) => atSeconds);
}

function groupsOf(times: readonly number[]): number[] {
  const groups: number[] = [];
  for (const [index, time] of times.entries()) {
    const previous = times[index - 1];
    if (previous === undefined || time - previous > groupPauseSeconds) groups.push(0);
    groups[groups.length - 1] = (groups.at(-1) ?? 0) + 1;
  }
  return groups;
}

async function triggerOf(bench: Bench): Promise<string> {
  return /\[([^\]]+)\]/.exec((await bench.onMachine(`cat ${light}/trigger`)).output)?.[1] ?? '';
}

/** The engine starts the device anew a moment after it ended: looked at in between. */
async function triggerAtTheEnd(bench: Bench): Promise<string> {
  const line = `${findSupervisor}; kill -TERM "$pid"; while kill -0 "$pid" 2>/dev/null; do sleep 0.05; done; cat ${light}/trigger`;
  return /\[([^\]]+)\]/.exec((await bench.onMachine(line)).output)?.[1] ?? '';
}
