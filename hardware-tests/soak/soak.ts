import { setTimeout as pause } from 'node:timers/promises';
import type { Bench } from '../bench/bench.ts';
import { type Portal, until } from '../bench/portal.ts';
import { freshOrKept, powerOnAndEnter } from '../suites/own-device.ts';
import { playedClip } from '../suites/played-clip.ts';
import { must, type Suite } from '../suites/suite.ts';
import { findSupervisor } from '../suites/supervisor-process.ts';

const sampleMs = 30_000;
/** As long as memory grows to what V8 lets it before it collects: packets of twelve minutes of the clip, some 25 MB, and then no more. */
const settlingMs = 15 * 60_000;

/** What may be added in an hour of doing always the same. */
const budgets = { memoryBytes: 20_000_000, handles: 5, driftMs: 1_000 };

interface Sample {
  atMs: number;
  memoryBytes: number;
  handles: number;
  writtenBytes: number;
  recordedBytes: number;
  /** How far the box's clock is ahead of this machine's. */
  aheadMs: number;
}

/** A suite as long as is asked for, after a time to settle; hours, to mean something. */
export function soak(minutes: number): Suite {
  return {
    name: `soak, ${minutes} minutes`,
    proves: 'recording for hours, memory, open files and time stay where they are',
    needs: [],
    async run(bench, { report }) {
      const { portal } = await powerOnAndEnter(bench, { data: freshOrKept(bench), environment: playedClip });
      await until('it records', async () => (await portal.recordings()).some(({ sizeBytes }) => sizeBytes > 0), { withinMs: 300_000 });
      await pause(settlingMs);
      const samples: Sample[] = [];
      const endMs = performance.now() + minutes * 60_000;
      while (performance.now() < endMs) {
        samples.push(await take(bench, portal));
        await pause(sampleMs);
      }
      judge(samples, report);
      await bench.cutPower();
    },
  };
}

async function take(bench: Bench, portal: Portal): Promise<Sample> {
  const { time, memory, storage } = await portal.system();
  const now = Date.now();
  const handles = await bench.onMachine(`${findSupervisor}; set -- /proc/$pid/fd/*; echo "$#"`);
  const disks = await bench.run('cat', '/proc/diskstats');
  return {
    atMs: performance.now(),
    memoryBytes: memory.processBytes,
    handles: numberIn(handles.output),
    writtenBytes: writtenTo(disks.output),
    recordedBytes: storage.recordingsBytes,
    aheadMs: Date.parse(time) - now,
  };
}

/** The last thing said: processes that end while they are looked at may be complained of before. */
function numberIn(output: string): number {
  const said = output.trim().split('\n').at(-1) ?? '';
  must(/^\d+$/.test(said), `open files were not counted: ${output}`);
  return Number(said);
}

/** Sectors written to whole disks, as the kernel counts them, whoever wrote. */
function writtenTo(diskstats: string): number {
  const lines = diskstats.split('\n').map((line) => line.trim().split(/\s+/));
  const disks = lines.filter(([, , name = '']) => /^(vda|mmcblk0|sda|nvme0n1)$/.test(name));
  return disks.reduce((sum, fields) => sum + Number(fields[9] ?? 0) * 512, 0);
}

function judge(samples: readonly Sample[], report: (what: string, value: string) => void): void {
  const [first, last] = [samples[0], samples.at(-1)];
  must(first !== undefined && last !== undefined && first !== last, 'too short to say anything');
  const hours = (last.atMs - first.atMs) / 3_600_000;
  const grown = (of: (sample: Sample) => number) => of(last) - of(first);
  const perHour = (bytes: number) => `${(bytes / hours / 1e6).toFixed(0)} MB`;
  report('memory, first and last', `${(first.memoryBytes / 1e6).toFixed(0)} and ${(last.memoryBytes / 1e6).toFixed(0)} MB`);
  report('open files, first and last', `${first.handles} and ${last.handles}`);
  report('written to the disk an hour', perHour(grown(({ writtenBytes }) => writtenBytes)));
  report('video kept an hour', perHour(grown(({ recordedBytes }) => recordedBytes)));
  report('clock against this machine', `${grown(({ aheadMs }) => aheadMs).toFixed(0)} ms`);
  const allowed = Math.max(1, hours);
  must(grown(({ memoryBytes }) => memoryBytes) <= budgets.memoryBytes * allowed, 'memory grows');
  must(grown(({ handles }) => handles) <= budgets.handles * allowed, 'open files become more');
  must(Math.abs(grown(({ aheadMs }) => aheadMs)) <= budgets.driftMs * allowed, 'the clock drifts');
}
