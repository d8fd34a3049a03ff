import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { cameraSchema, eventSchema, type Recording, recordingSchema } from '#device/contract/contract.ts';
import { AssembledDevice, freePort } from './assembled-device.ts';
import type { RebuiltDevice } from './rebuilt-device.ts';
import { type DiskOperation, hasEnded, readTrace, tracedBy } from './write-trace.ts';

const recordingsSchema = z.object({ recordings: z.array(recordingSchema) });
const eventsSchema = z.object({ events: z.array(eventSchema) });

/** What the owner was told is done, and so must be after any later power cut. */
export interface Promised {
  what: string;
  sinceMs: number;
  holds(device: RebuiltDevice): boolean;
}

/** A recording as the camera delivered it. */
export interface Filmed {
  id: string;
  budget: 'strict' | 'continuous';
  startMs: number;
  endMs: number;
  /** From here on nobody needs it any more. */
  deletedMs: number;
}

export interface TracedLife {
  /** In the folder that holds the data folder. */
  operations: DiskOperation[];
  promises: Promised[];
  filmed: Filmed[];
}

/**
 * The real device, every change of its data folder traced: two cameras, one always, one by hand; motion, a deletion, a setting. Killed once,
 * started again, and stopped in order. `folder` is a real path and ends up with the data in `data`; `clip` is a video of two seconds or more.
 */
export async function liveThrough(folder: string, clip: string): Promise<TracedLife> {
  const life = new Life(folder, clip, await freePort());
  try {
    return await liveOn(life, folder);
  } catch (error) {
    await life.end();
    throw error;
  }
}

async function liveOn(life: Life, folder: string): Promise<TracedLife> {
  const first = await life.start();
  await life.setUp(first);
  const deleted = await life.deleteOne(first);
  await life.noticeMotion(first);
  const closed = await life.newest(first, 'always', 'closed');
  await first.request('GET', `/api/recordings/${closed.id}/thumbnail.jpg`);
  life.promise('what was closed is there in full', ({ recordings }) => recordings.some((one) => isSame(one, closed)));
  const growing = [await life.newest(first, 'always', 'writing'), await life.newest(first, 'by-hand', 'writing')];
  await pause(1_500);
  const killedMs = Date.now();
  await first.end('SIGKILL');
  const firstTrace = await life.traceOf(first);
  const second = await life.start(first.cookie);
  await life.recordByHand(second);
  await life.newest(second, 'by-hand', 'writing');
  await pause(2_500);
  const recordings = await life.recordings(second);
  const stoppedMs = Date.now();
  const status = await second.end('SIGTERM');
  if (status !== 0) throw new Error(`the device ended with ${status}:\n${second.log()}`);
  const operations = readTrace(firstTrace + (await life.traceOf(second)), folder);
  const filmed = recordings.map((one) => {
    if (one.state === 'writing') return filmedUntil(one, stoppedMs);
    return growing.some(({ id }) => id === one.id) ? filmedUntil(one, killedMs) : filmedUntil(one, endOf(one));
  });
  filmed.push({ ...filmedUntil(deleted, endOf(deleted)), deletedMs: deleted.deletedMs });
  return { operations, promises: life.promises, filmed };
}

class Life {
  readonly #data: string;
  readonly promises: Promised[] = [];
  readonly #clip: string;
  readonly #folder: string;
  readonly #port: number;
  readonly #traces = new Map<AssembledDevice, string>();

  constructor(folder: string, clip: string, port: number) {
    this.#folder = folder;
    this.#clip = clip;
    this.#port = port;
    this.#data = join(folder, 'data');
  }

  async end(): Promise<void> {
    for (const device of this.#traces.keys()) await device.end('SIGKILL');
  }

  async start(cookie = ''): Promise<AssembledDevice> {
    const trace = join(this.#folder, `trace-${this.#traces.size + 1}`);
    const env = { KERBEROS_LOG_LEVEL: 'warn' };
    const device = await AssembledDevice.start({ directory: this.#data, port: this.#port, env, cookie, wrapper: tracedBy(trace) });
    this.#traces.set(device, trace);
    return device;
  }

  promise(what: string, holds: Promised['holds']): void {
    this.promises.push({ what, sinceMs: Date.now(), holds });
  }

  async setUp(device: AssembledDevice): Promise<void> {
    await device.enter();
    this.promise('the device is claimed', ({ isClaimed }) => isClaimed);
    const source = { kind: 'file', url: this.#clip };
    const recording = { mode: 'continuous', maxLengthMs: 10_000 };
    await device.json(cameraSchema, 'POST', '/api/cameras', { name: 'Always', source, recording });
    const byHand = { name: 'By hand', source, recording: { mode: 'events' }, motion: { enabled: false } };
    await device.json(cameraSchema, 'POST', '/api/cameras', byHand);
    this.promise('both cameras are set up', ({ cameras }) => cameras.length === 2);
    await this.recordByHand(device);
    await this.newest(device, 'by-hand', 'writing');
    await device.request('PATCH', '/api/settings', { deviceName: 'The barn' });
    this.promise('the device has its new name', ({ settings }) => settings.deviceName === 'The barn');
  }

  /** Ends the recording by hand, deletes it, and begins another. */
  async deleteOne(device: AssembledDevice): Promise<Recording & { deletedMs: number }> {
    await device.request('DELETE', '/api/cameras/by-hand/recording');
    const deleted = await this.newest(device, 'by-hand', 'closed');
    await this.recordByHand(device);
    const deletedMs = Date.now();
    const answer = await device.request('DELETE', `/api/recordings/${deleted.id}`);
    if (!answer.ok) throw new Error(await answer.text());
    this.promise('the deleted recording is gone', ({ recordings }) => recordings.every((one) => one.id !== deleted.id));
    return { ...deleted, deletedMs };
  }

  async noticeMotion(device: AssembledDevice): Promise<void> {
    let id = '';
    await device.until('motion is noticed', async () => {
      const { events } = await device.json(eventsSchema, 'GET', '/api/events?kind=motion');
      id = events[0]?.id ?? '';
      return id !== '';
    });
    this.promise('the motion is in the journal', ({ events }) => events.some((event) => event.id === id));
  }

  async recordByHand(device: AssembledDevice): Promise<void> {
    await device.until('the camera takes the order', async () => {
      const answer = await device.request('POST', '/api/cameras/by-hand/recording', { durationMs: 60_000 });
      return answer.ok;
    });
  }

  async recordings(device: AssembledDevice): Promise<Recording[]> {
    return (await device.json(recordingsSchema, 'GET', '/api/recordings?limit=100')).recordings;
  }

  async newest(device: AssembledDevice, cameraId: string, state: Recording['state']): Promise<Recording> {
    let found: Recording | undefined;
    await device.until(`a recording of ${cameraId} is ${state}`, async () => {
      found = (await this.recordings(device)).find((one) => one.cameraId === cameraId && one.state === state);
      return found !== undefined;
    });
    if (!found) throw new Error('no recording');
    return found;
  }

  /** Complete only when the tracer is through with everything. */
  async traceOf(device: AssembledDevice): Promise<string> {
    let text = '';
    await device.until('the trace is complete', async () => {
      text = await readFile(this.#traces.get(device) ?? '', 'latin1');
      return hasEnded(text, device.pid);
    });
    return text;
  }
}

function isSame(one: Recording, other: Recording): boolean {
  return one.id === other.id && one.start === other.start && one.durationMs === other.durationMs && one.sizeBytes === other.sizeBytes;
}

function endOf({ start, durationMs }: Recording): number {
  return Date.parse(start) + durationMs;
}

function filmedUntil({ id, start, trigger }: Recording, endMs: number): Filmed {
  const budget = trigger === 'continuous' ? 'continuous' : 'strict';
  return { id, budget, startMs: Date.parse(start), endMs, deletedMs: Number.POSITIVE_INFINITY };
}
