import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { eventSchema, streamMessageSchema } from '#device/contract/contract.ts';
import type { AssembledDevice } from '#device/testing/assembled-device.ts';
import { startCameras } from '../stage/cameras.ts';
import { deviceWith, seconds } from '../stage/device-under-test.ts';
import { exists } from '../stage/footage.ts';
import { Rival, type RivalEvent } from '../stage/rival.ts';
import { type Bench, percentile } from './part.ts';

interface Span {
  fromS: number;
  toS: number;
  /** When it was told. */
  toldS: number;
}

interface ClipVerdict {
  clip: string;
  labels: number;
  found: number;
  /** Seconds of the clip. */
  falseEvents: [number, number][];
  missed: [number, number][];
  delaysS: number[];
}

export interface Recall {
  found: number;
  labels: number;
  falseEvents: number;
  /** Of labels that an event of their own told of; one that goes on from the label before tells nothing new. */
  delays: number;
  delayP50S: number;
  delayP90S: number;
  clips: ClipVerdict[];
}

export interface ClipsFigure {
  device: Recall;
  motion: Recall;
}

const toleranceS = 2;
/** `motion` calls an event over this long after the last sign of it. */
const rivalGapS = 3;
/** Both learn what the place looks like when nothing moves: the first group of pictures, repeated. */
const warmUpSeconds = 20;
const labelsSchema = z.record(
  z.string(),
  z.object({ durationS: z.number(), fps: z.number(), events: z.array(z.tuple([z.number(), z.number()])) }),
);
const eventsSchema = z.object({ events: z.array(eventSchema), next: z.string().nullable() });

/** Plays all labelled clips at once, in real time, to the device and to `motion`. Null without clips. */
export async function measureClips(bench: Bench): Promise<ClipsFigure | null> {
  if (!(await exists(join(bench.clips, 'labels.json')))) {
    bench.say(`No labels.json in ${bench.clips}: recall is not measured.`);
    return null;
  }
  const labels = labelsSchema.parse(JSON.parse(await readFile(join(bench.clips, 'labels.json'), 'utf8')));
  const names = Object.keys(labels);
  const path = (name: string) => `/${name.replace(/\W/g, '-')}`;
  await using end = new AsyncDisposableStack();
  const cameras = await startCameras(
    names.map((name) => ({
      path: path(name),
      file: join(bench.clips, name),
      framesPerSecond: labels[name]?.fps ?? 20,
      play: 'wait',
      aheadFrames: 0,
    })),
  );
  end.defer(() => cameras.stop());
  const folder = join(bench.scratch, 'clips');
  end.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const rival = await Rival.start(
    join(folder, 'motion'),
    names.map((name) => ({ name: path(name).slice(1), url: cameras.url(path(name)) })),
  );
  end.defer(() => rival.stop());
  const { device, ids } = await deviceWith(
    join(folder, 'device'),
    names.map((name) => ({ name, url: cameras.url(path(name)), detects: true })),
  );
  end.defer(async () => void (await device.end('SIGTERM')));
  const told = await listen(device);
  await seconds(warmUpSeconds);
  const beganMs = await Promise.all(names.map((name) => cameras.begin(path(name))));
  const longestS = Math.max(...Object.values(labels).map((label) => label.durationS));
  bench.say(`Playing ${names.length} clips in real time: ${Math.round(longestS)} s.`);
  await seconds(longestS + 5);
  const rivalEvents = await rival.events();
  const { events } = await device.json(eventsSchema, 'GET', '/api/events?kind=motion&limit=200');
  const clip = (index: number) => ({ name: names[index] ?? '', label: labels[names[index] ?? ''], zeroMs: beganMs[index] ?? 0 });
  const verdicts = names.map((name, index) => {
    const { label, zeroMs } = clip(index);
    const ofDevice = events
      .filter((event) => event.cameraId === ids[index])
      .map((event) => ({
        id: event.id,
        startMs: Date.parse(event.start),
        endMs: event.end === null ? Number.POSITIVE_INFINITY : Date.parse(event.end),
      }))
      .map(({ id, startMs, endMs }) => spanOf(zeroMs, startMs, endMs, told.get(id) ?? endMs));
    const ofRival = pairUp(rivalEvents.filter((event) => event.camera === path(name).slice(1))).map(([startMs, endMs]) =>
      spanOf(zeroMs, startMs, endMs - rivalGapS * 1000, startMs),
    );
    const duration = label?.durationS ?? 0;
    return { device: judge(name, duration, label?.events ?? [], ofDevice), motion: judge(name, duration, label?.events ?? [], ofRival) };
  });
  return { device: sum(verdicts.map((verdict) => verdict.device)), motion: sum(verdicts.map((verdict) => verdict.motion)) };
}

/** Notes when each motion event was first told to somebody who listens. */
async function listen(device: AssembledDevice): Promise<Map<string, number>> {
  const told = new Map<string, number>();
  const { body } = await device.request('GET', '/api/events/stream');
  if (!body) throw new Error('no event stream');
  const read = async () => {
    let text = '';
    for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
      const messages = (text + chunk).split('\n\n');
      text = messages.pop() ?? '';
      for (const message of messages) {
        const data = /^data: ?(.*)$/m.exec(message)?.[1];
        const parsed = data === undefined ? null : streamMessageSchema.safeParse(JSON.parse(data));
        if (parsed?.data?.type === 'event' && !told.has(parsed.data.event.id)) told.set(parsed.data.event.id, Date.now());
      }
    }
  };
  read().catch(() => {
    // The device was stopped.
  });
  return told;
}

function spanOf(zeroMs: number, startMs: number, endMs: number, toldMs: number): Span {
  return { fromS: (startMs - zeroMs) / 1000, toS: (endMs - zeroMs) / 1000, toldS: (toldMs - zeroMs) / 1000 };
}

function pairUp(events: readonly RivalEvent[]): [number, number][] {
  const pairs: [number, number][] = [];
  for (const event of events) {
    const open = pairs.at(-1);
    if (event.kind === 'start') pairs.push([event.atMs, Number.POSITIVE_INFINITY]);
    else if (open) open[1] = event.atMs;
  }
  return pairs;
}

/** A label is found when an event overlaps it, two seconds given; an event that touches no label is false. What began after the clip's end is not judged. */
export function judge(clip: string, durationS: number, labels: readonly [number, number][], spans: readonly Span[]): ClipVerdict {
  const judged = spans.filter((span) => span.fromS <= durationS && span.toS >= 0);
  const touches = (span: Span, [from, to]: [number, number]) => span.toS >= from - toleranceS && span.fromS <= to + toleranceS;
  const missed = labels.filter((label) => !judged.some((span) => touches(span, label)));
  // Only an event of its own tells of a label: while one that was told before is still on, nothing is late and nothing is new.
  const delaysS = labels.flatMap((label) => {
    const told = judged.filter((span) => touches(span, label)).map((span) => span.toldS);
    const first = Math.min(...told);
    return told.length === 0 || first < label[0] - toleranceS ? [] : [Math.max(0, first - label[0])];
  });
  const falseEvents = judged
    .filter((span) => !labels.some((label) => touches(span, label)))
    .map((span): [number, number] => [span.fromS, Math.min(span.toS, durationS)]);
  return { clip, labels: labels.length, found: labels.length - missed.length, falseEvents, missed, delaysS };
}

function sum(clips: ClipVerdict[]): Recall {
  const delays = clips.flatMap((clip) => clip.delaysS);
  return {
    found: clips.reduce((total, clip) => total + clip.found, 0),
    labels: clips.reduce((total, clip) => total + clip.labels, 0),
    falseEvents: clips.reduce((total, clip) => total + clip.falseEvents.length, 0),
    delays: delays.length,
    delayP50S: percentile(delays, 0.5),
    delayP90S: percentile(delays, 0.9),
    clips,
  };
}
