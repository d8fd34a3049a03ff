import { access, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { createDetection } from '#device/detection/create-detection.ts';
import { type Clip, labelledClips, pictures, sceneClips } from './detection/clips.ts';
import { watchSizes } from './detection/gate.ts';
import { type Verdict, watch } from './detection/judge.ts';

const usage = `Measures motion detection on labelled clips.

  node scripts/benchmarks/detection.ts [folder with clips and labels.json]

  --scenes DIR    keep the made-up clips there (otherwise they are made anew and removed)
  --only NAME     only clips whose name contains NAME
  --trace         print every observation
  --gate          only the packet size gate, at key pictures ten seconds apart
  --rate key|five only key pictures, or only full decoding at five a second (otherwise both)`;

const defaultFolder = path.join(import.meta.dirname, '../../../shared/clips');
/** Seeds of the made-up sets. Constants were chosen looking at the first; the second only reports. */
const tuningSeed = 1;
const heldOutSeed = 3;
const longGopS = 10;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    scenes: { type: 'string' },
    only: { type: 'string' },
    gate: { type: 'boolean', default: false },
    trace: { type: 'boolean', default: false },
    rate: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function spans(list: readonly [number, number][]): string {
  return list.map(([from, to]) => `${from.toFixed(0)}-${to.toFixed(0)}s`).join(' ');
}

function report(title: string, verdicts: readonly Verdict[]): void {
  const sum = (of: (verdict: Verdict) => number) => verdicts.reduce((total, verdict) => total + of(verdict), 0);
  const delays = verdicts.flatMap((verdict) => verdict.delaysS).sort((a, b) => a - b);
  const labels = sum((verdict) => verdict.labels);
  const perPicture =
    sum((verdict) => verdict.detectorCpuMs) /
    Math.max(
      1,
      sum((verdict) => verdict.pictures),
    );
  console.log(
    `= ${title}: found ${sum((v) => v.found)}/${labels}, false ${sum((v) => v.falseEvents.length)}, ` +
      `on beside labels ${sum((v) => v.besideS).toFixed(0)} s, events per label ${(sum((v) => v.events - v.falseEvents.length) / Math.max(1, labels)).toFixed(2)}, ` +
      `delay p50 ${percentile(delays, 0.5).toFixed(1)} s p90 ${percentile(delays, 0.9).toFixed(1)} s, detector ${perPicture.toFixed(2)} ms CPU a picture\n`,
  );
}

async function measure(title: string, clips: readonly Clip[], rate: 'key' | 'five'): Promise<void> {
  const detection = createDetection();
  const verdicts: Verdict[] = [];
  for (const clip of clips) {
    if (values.only && !clip.name.includes(values.only)) continue;
    const decoded = await pictures(clip, rate);
    const verdict = watch(detection, clip, decoded.pictures, values.trace ? console.log : () => {});
    verdicts.push(verdict);
    const wrong = [
      verdict.missed.length > 0 ? `missed ${spans(verdict.missed)}` : '',
      verdict.falseEvents.length > 0 ? `false ${spans(verdict.falseEvents)}` : '',
    ].join(' ');
    console.log(`${clip.name.padEnd(24)} ${verdict.found}/${verdict.labels} in ${verdict.events} events  ${wrong}`);
  }
  report(`${title}, ${rate === 'key' ? 'key pictures' : '5 a second'}`, verdicts);
}

async function measureGate(title: string, clips: readonly Clip[], folder: string): Promise<void> {
  const detection = createDetection();
  const total = { found: 0, labels: 0, falseWakes: 0, minutes: 0 };
  for (const clip of clips) {
    if (values.only && !clip.name.includes(values.only)) continue;
    const verdict = await watchSizes(detection, clip, folder, longGopS);
    if (values.trace) console.log(`${clip.name.padEnd(24)} ${verdict.found}/${verdict.labels} false wakes ${verdict.falseWakes}`);
    total.found += verdict.found;
    total.labels += verdict.labels;
    total.falseWakes += verdict.falseWakes;
    total.minutes += verdict.minutes;
  }
  const perMinute = (total.falseWakes / total.minutes).toFixed(2);
  console.log(
    `= ${title}, packet sizes alone, key pictures ${longGopS} s apart: woke for ${total.found}/${total.labels}, false wakes ${perMinute} a minute\n`,
  );
}

async function main(): Promise<void> {
  if (values.help) {
    console.log(usage);
    return;
  }
  const folder = positionals[0] ?? defaultFolder;
  const hasClips = await access(path.join(folder, 'labels.json')).then(
    () => true,
    () => false,
  );
  const sceneFolder = values.scenes ?? (await mkdtemp(path.join(tmpdir(), 'kerberos-scenes-')));
  await mkdir(sceneFolder, { recursive: true });
  try {
    const sets: [string, Clip[]][] = [
      ['made-up, tuned on', await sceneClips(sceneFolder, tuningSeed, 2)],
      ['made-up, held out', await sceneClips(sceneFolder, heldOutSeed, 2)],
    ];
    if (hasClips) sets.unshift(['real clips', await labelledClips(folder)]);
    else console.log(`No labels.json in ${folder}: only made-up clips.`);
    for (const rate of ['key', 'five'] as const) {
      if (values.gate) continue;
      if (values.rate && values.rate !== rate) continue;
      for (const [title, clips] of sets) await measure(title, clips, rate);
    }
    if (values.rate) return;
    for (const [title, clips] of sets) await measureGate(title, clips, sceneFolder);
  } finally {
    if (!values.scenes) await rm(sceneFolder, { recursive: true, force: true });
  }
}

await main();
