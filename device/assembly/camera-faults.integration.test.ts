import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Camera, cameraSchema, type Event, eventSchema, type Recording, recordingSchema } from '#device/contract/contract.ts';
import { AssembledDevice } from '#device/testing/assembled-device.ts';
import { inspectVideo } from '#device/testing/clips.ts';
import { startGarblingLine } from '#device/testing/garbling-line.ts';
import { startHostileCamera } from '#device/testing/hostile-camera.ts';
import { type RtspServer, startRtspServer } from '#device/testing/rtsp-server.ts';

const recordingsSchema = z.object({ recordings: z.array(recordingSchema) });
const eventsSchema = z.object({ events: z.array(eventSchema) });
const mount = { path: '/stream', codec: 'h264', width: 320, height: 180, fps: 10, keyInterval: 10, kilobitsPerSecond: 200 } as const;

describe('a device with two cameras', { timeout: 90_000 }, () => {
  let folder: string;
  let device: AssembledDevice;
  let front: RtspServer;
  let yard: RtspServer;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'camera-faults-'));
    [front, yard] = await Promise.all([startRtspServer({ mounts: [mount] }), startRtspServer({ mounts: [mount] })]);
    device = await AssembledDevice.start({ directory: join(folder, 'data'), env: { KERBEROS_LOG_LEVEL: 'warn' } });
    await device.enter();
    for (const [name, server] of Object.entries({ Front: front, Yard: yard })) {
      const source = { kind: 'rtsp', url: server.url(mount.path) };
      const camera = { name, source, recording: { mode: 'continuous' }, motion: { enabled: false } };
      await device.json(cameraSchema, 'POST', '/api/cameras', camera);
    }
    for (const id of ['front', 'yard']) await isRecorded(id);
  }, 60_000);
  afterAll(async () => {
    await device?.end('SIGKILL');
    await Promise.all([front?.stop(), yard?.stop()]);
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  const camera = (id: string): Promise<Camera> => device.json(cameraSchema, 'GET', `/api/cameras/${id}`);
  const recordings = async (id: string): Promise<Recording[]> => {
    const answer = await device.json(recordingsSchema, 'GET', `/api/recordings?camera=${id}&limit=100`);
    return answer.recordings;
  };
  const events = async (id: string, kind: Event['kind']): Promise<Event[]> => {
    const answer = await device.json(eventsSchema, 'GET', `/api/events?camera=${id}&kind=${kind}&limit=100`);
    return answer.events;
  };
  const isRecorded = (id: string) =>
    device.until(`${id} is recorded`, async () =>
      (await recordings(id)).some(({ state, durationMs }) => state === 'writing' && durationMs > 0),
    );
  /** Waits for one more event of the kind and answers it, and how long it took. */
  const nextEvent = async (id: string, kind: Event['kind'], known: readonly Event[], timeoutMs: number) => {
    const beganMs = performance.now();
    let found: Event | undefined;
    await device.until(
      `${id} is told to be ${kind}`,
      async () => {
        found = (await events(id, kind)).find((event) => known.every((one) => one.id !== event.id));
        return found !== undefined;
      },
      timeoutMs,
    );
    if (!found) throw new Error('no event');
    return { event: found, tookMs: performance.now() - beganMs };
  };
  const isBack = async (known: readonly Event[]): Promise<void> => {
    await nextEvent('front', 'camera.online', known, 45_000);
    await isRecorded('front');
  };
  const play = async (recording: Recording): Promise<{ frames: number; durationMs: number; complaints: string }> => {
    const file = join(folder, `${recording.id}.mp4`);
    const answer = await device.request('GET', `/api/recordings/${recording.id}.mp4`);
    await writeFile(file, Buffer.from(await answer.arrayBuffer()));
    return inspectVideo(file);
  };
  /** One recording from the beginning, and no picture missing in it. */
  const isUntouched = async (id: string): Promise<void> => {
    expect(await events(id, 'camera.offline')).toEqual([]);
    const [only, ...others] = await recordings(id);
    expect(others).toEqual([]);
    if (!only) throw new Error('no recording');
    const { frames, durationMs, complaints } = await play(only);
    expect(complaints).toBe('');
    expect(Math.abs(frames - (durationMs / 1000) * mount.fps)).toBeLessThanOrEqual(2);
    expect(Date.now() - Date.parse(only.start) - durationMs).toBeLessThan(12_000);
  };

  test('says within ten seconds that one has vanished and why, and takes it back by itself', async () => {
    const [offline, online] = [await events('front', 'camera.offline'), await events('front', 'camera.online')];
    await front.stop();
    const { event } = await nextEvent('front', 'camera.offline', offline, 10_000);
    expect(event.message).toBeTruthy();
    const { status } = await camera('front');
    expect(status.problem?.message).toBeTruthy();
    expect(status.recordingNow).toBe(false);
    front = await startRtspServer({ mounts: [mount], port: front.port });
    await isBack(online);
    expect((await camera('front')).status.problem).toBeNull();
    expect((await events('front', 'camera.offline')).every(({ end }) => end !== null)).toBe(true);
    await isUntouched('yard');
  });

  test('notices that one stands still, and never shows its last picture as new', async () => {
    const [offline, online] = [await events('front', 'camera.offline'), await events('front', 'camera.online')];
    await front.stall(mount.path);
    const ages: number[] = [];
    await device.until(
      'the standstill is told',
      async () => {
        const snapshot = await device.request('GET', '/api/cameras/front/snapshot.jpg');
        if (snapshot.ok) ages.push(Number(snapshot.headers.get('x-picture-age-ms')));
        return (await events('front', 'camera.offline')).length > offline.length;
      },
      8_500,
    );
    const [told] = (await events('front', 'camera.offline')).filter(({ id }) => offline.every((one) => one.id !== id));
    expect(told?.message).toContain('No picture has come');
    expect(ages.length).toBeGreaterThan(3);
    expect(ages.at(-1)).toBeGreaterThan(3_000);
    const settled = ages.filter((age) => age > 1_500);
    expect(settled).toEqual(settled.toSorted((one, other) => one - other));
    await front.resume(mount.path);
    await isBack(online);
    await isUntouched('yard');
  });

  test('goes on in a new recording when one changes the size of its pictures, and does not call it offline', async () => {
    const offline = await events('front', 'camera.offline');
    const before = (await recordings('front')).find(({ state }) => state === 'writing');
    await front.changeSize(mount.path, 640, 360);
    await device.until('it is recorded in the new size', async () =>
      (await recordings('front')).some(({ width, state, durationMs }) => width === 640 && state === 'writing' && durationMs > 0),
    );
    expect(await events('front', 'camera.offline')).toEqual(offline);
    const all = await recordings('front');
    const [after, left] = [all.find(({ width }) => width === 640), all.find(({ id }) => id === before?.id)];
    expect(left).toMatchObject({ state: 'closed', width: 320, height: 180 });
    for (const recording of [left, after]) {
      if (!recording) throw new Error('no recording');
      const { frames, complaints } = await play(recording);
      expect({ id: recording.id, complaints }).toEqual({ id: recording.id, complaints: '' });
      expect(frames).toBeGreaterThan(0);
    }
    await isUntouched('yard');
  });

  test('names the trouble when one sends bytes that mean nothing, and the other one does not notice', async () => {
    const online = await events('front', 'camera.online');
    const { port } = front;
    await front.stop();
    const garbage = await startHostileCamera('garbage', port);
    try {
      await device.until('the garbage is named', async () => (await camera('front')).status.problem?.kind === 'camera-no-video');
    } finally {
      await garbage.stop();
    }
    front = await startRtspServer({ mounts: [mount], port });
    await isBack(online);
    await isUntouched('yard');
  });

  test('closes what it has and names the trouble when the stream of one turns into noise in the middle', async () => {
    const line = await startGarblingLine(front.port);
    try {
      const source = { kind: 'rtsp', url: front.url(mount.path).replace(String(front.port), String(line.port)) };
      const gate = { name: 'Gate', source, recording: { mode: 'continuous' }, motion: { enabled: false } };
      await device.json(cameraSchema, 'POST', '/api/cameras', gate);
      await isRecorded('gate');
      const [whole] = await recordings('gate');
      line.garble(true);
      const { event } = await nextEvent('gate', 'camera.offline', [], 15_000);
      expect(event.message).toBeTruthy();
      await device.until('its recording is closed', async () => (await recordings('gate')).every(({ state }) => state === 'closed'));
      line.garble(false);
      await isRecorded('gate');
      if (!whole) throw new Error('no recording');
      const { frames, durationMs } = await play(whole);
      expect(frames).toBeGreaterThan(0);
      expect(Math.abs(frames - (durationMs / 1000) * mount.fps)).toBeLessThanOrEqual(2);
    } finally {
      await line.stop();
    }
    await isUntouched('yard');
  });
});
