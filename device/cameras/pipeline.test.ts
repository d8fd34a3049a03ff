import { describe, expect, test } from 'vitest';
import { Failure } from '#device/kernel/failure.ts';
import { silentLogger } from '#device/kernel/logger.ts';
import { RestartAtOnce } from '#device/kernel/supervise.ts';
import type { StreamFormat, TimedPacket } from '#device/media/packet.ts';
import { cameraConfig } from '#device/testing/camera-config.ts';
import { SimulatedClock } from '#device/testing/simulated-clock.ts';
import { CameraPipeline } from './pipeline.ts';
import type {
  DetectionPort,
  JournalPort,
  LivePort,
  MotionStep,
  Observation,
  RecorderPort,
  SessionSink,
  SessionWish,
  Thrift,
} from './ports.ts';

const format: StreamFormat = {
  video: { codec: 'h264', codecString: 'avc1.64001f', width: 640, height: 360, timescale: 1000, sampleEntry: new Uint8Array() },
  audio: null,
};
const config = cameraConfig('front', {
  name: 'Front',
  source: { kind: 'rtsp', url: 'rtsp://camera/main', subUrl: 'rtsp://camera/sub', transport: 'tcp' },
});
const stalled = new Failure('timeout', 'The camera sends no pictures any more.', { action: 'Check its cable.' });
class SubStreamFailure extends Failure {}

interface Session {
  wish: SessionWish;
  sink: SessionSink;
  fail(error: Error): void;
}

type Tell = (line: string) => () => void;

/** Rooms that write down what they hear. */
const recorderThat = (told: string[], tell: Tell): RecorderPort => ({
  configure: tell('recorder configured'),
  begin: tell('recorder begins'),
  packet: () => {},
  motionStarted: tell('recorder: motion started'),
  motionEnded: tell('recorder: motion ended'),
  recordUntil: (untilBootMs, happenedBootMs) => void told.push(`recorder: until ${untilBootMs}, happened ${happenedBootMs ?? 'nothing'}`),
  stopManual: tell('recorder: by hand no more'),
  end: tell('recorder ends'),
  isRecording: false,
  recordingAt: () => 'recording-1',
});

const liveThat = (told: string[], tell: Tell): LivePort => ({
  begin: tell('live begins'),
  packet: () => {},
  end: tell('live ends'),
  observation: () => {},
  state: (state) => void told.push(`live ${state}`),
});

const journalThat = (told: string[], tell: Tell): JournalPort => ({
  motionStarted: tell('journal: motion started'),
  motionUpdated: tell('journal: motion updated'),
  motionEnded: tell('journal: motion ended'),
  motionPicture: (_id, startBootMs) => void told.push(`journal: picture of ${startBootMs}`),
  motionRecording: (_id, _start, recordingId) => void told.push(`journal: in ${recordingId}`),
  noticeStarted: (_id, { kind }) => void told.push(`journal: ${kind} noticed`),
  noticeEnded: (_id, { kind }) => void told.push(`journal: ${kind} over`),
  noticePicture: (_id, { kind }) => void told.push(`journal: picture of ${kind}`),
  noticeRecording: (_id, { kind }, recordingId) => void told.push(`journal: ${kind} in ${recordingId}`),
  offline: (_id, message) => void told.push(`journal: offline: ${message}`),
  online: tell('journal: online'),
  lightChanged: (_id, state, message) => void told.push(`journal: ${state}: ${message}`),
});

const detectionThat = (steps: MotionStep[], looks: number[], tell: Tell): DetectionPort => ({
  detector: () => ({
    configure: tell('detector configured'),
    lightChanged: tell('detector: light changed'),
    observe: ({ bootMs }): Observation => {
      looks.push(bootMs);
      return { bootMs, score: 0.5, threshold: 0.2, boxes: [], zones: [], globalChange: false };
    },
  }),
  tracker: () => ({ observe: () => steps.splice(0, 1), tick: () => [], stop: () => [] }),
  gate: () => ({ observe: () => false, falseWake: () => {} }),
});

/** A pipeline whose sessions the test plays by hand; `told` is what the other rooms heard, in order. */
function camera(steps: MotionStep[] = [], thrift: Partial<Thrift> = {}, disk: Promise<void> = Promise.resolve()) {
  const clock = new SimulatedClock();
  const told: string[] = [];
  const sessions: Session[] = [];
  const tell = (line: string) => () => void told.push(line);
  const looks: number[] = [];
  const pipeline = new CameraPipeline(config, {
    clock,
    logger: silentLogger,
    random: () => 0,
    wallOf: (bootMs) => Date.UTC(2026, 0, 1) + bootMs,
    capture: {
      session: (_source, wish) => ({
        run: (signal, sink) =>
          new Promise((resolve, reject) => {
            signal.addEventListener('abort', () => resolve());
            sessions.push({ wish, sink, fail: reject });
          }),
      }),
      probe: () => Promise.reject(new Error('not asked')),
      jpeg: () => Promise.resolve(Uint8Array.of(0xff, 0xd8)),
      async *lumas() {},
      isSubStreamFailure: (error) => error instanceof SubStreamFailure,
    },
    recorder: recorderThat(told, tell),
    releaseRecorder: () => disk.then(tell('recorder closed')),
    live: liveThat(told, tell),
    detection: detectionThat(steps, looks, tell),
    journal: journalThat(told, tell),
    thrift: () => ({ fewerLooks: false, noEventPictures: false, noDecodingBetween: false, ...thrift }),
    onChange: () => {},
  });
  const stop = new AbortController();
  const done = pipeline.run(stop.signal);
  const latest = (): Session => {
    const session = sessions.at(-1);
    if (!session) throw new Error('no session was started');
    return session;
  };
  const frame = (key = true): TimedPacket => {
    const bootMs = clock.boot();
    return { track: 'video', dts: bootMs, compositionOffset: 0, duration: 100, key, data: new Uint8Array(10), bootMs };
  };
  const deliver = () => {
    latest().sink.format(format);
    latest().sink.packet(frame());
  };
  return { looks, clock, told, sessions, pipeline, stop, done, latest, deliver, frame };
}

describe('the pipeline of a camera', () => {
  test('tells the detector and the journal when night falls, and the owner what it is', async () => {
    const front = camera();
    front.deliver();
    expect(front.pipeline.status().light).toBeUndefined();
    front.latest().sink.light({ state: 'day', lux: 300, gain: 1 });
    expect(front.told.filter((line) => /light|day/.test(line))).toEqual([]);
    expect(front.pipeline.status().light?.state).toBe('day');
    await front.clock.advance(60_000);
    front.latest().sink.light({ state: 'night', lux: 2, gain: 12 });
    expect(front.told).toContain('detector: light changed');
    expect(front.told).toContain('journal: night: The sensor sees 2.0 lux, gain 12.0.');
    expect(front.pipeline.status().light).toEqual({ state: 'night', since: '2026-01-01T00:01:00.000Z' });
  });

  test('is connecting until the first frame and online from then on', async () => {
    const front = camera();
    expect(front.pipeline.status()).toMatchObject({ state: 'connecting', lastFrameAgeMs: null, stream: null });
    front.deliver();
    await front.clock.advance(3000);
    expect(front.pipeline.status()).toMatchObject({ state: 'online', lastFrameAgeMs: 3000, stream: { width: 640 } });
    expect(front.told).toContain('live online');
  });

  test('a stall is told with its reason, restarted after a pause, and its return is told too', async () => {
    const front = camera();
    front.deliver();
    front.latest().fail(stalled);
    await front.clock.advance(10);
    expect(front.pipeline.status()).toMatchObject({
      state: 'offline',
      problem: { kind: 'timeout', action: 'Check its cable.' },
      restarts: 1,
    });
    expect(front.told).toContain('journal: offline: The camera sends no pictures any more.');
    expect(front.told.slice(-4)).toEqual([
      'recorder ends',
      'live ends',
      'journal: offline: The camera sends no pictures any more.',
      'live offline',
    ]);
    await front.clock.advance(1000);
    expect(front.sessions).toHaveLength(2);
    front.deliver();
    expect(front.pipeline.status()).toMatchObject({ state: 'online', problem: null });
    expect(front.told).toContain('journal: online');
  });

  test('a camera that stays away is told once, and tried ever more seldom, at most every 15 s', async () => {
    const front = camera();
    for (let minute = 0; minute < 600; minute += 1) {
      front.latest().fail(stalled);
      await front.clock.advance(1000);
    }
    expect(front.told.filter((line) => line.startsWith('journal: offline'))).toHaveLength(1);
    expect(front.sessions.length).toBeGreaterThan(600 / 16);
    expect(front.sessions.length).toBeLessThan(60);
  });

  test('a camera that changed its format goes on at once and was never offline', async () => {
    const front = camera();
    front.deliver();
    front.latest().fail(new RestartAtOnce('unavailable', 'The camera changed its picture size.'));
    await front.clock.advance(1);
    expect(front.sessions).toHaveLength(2);
    expect(front.told.some((line) => line.startsWith('journal: offline'))).toBe(false);
  });

  test('a disk that hangs holds up its end for some seconds and no longer', async () => {
    const disk = Promise.withResolvers<void>();
    const front = camera([], {}, disk.promise);
    front.deliver();
    let hasEnded = false;
    const ended = front.done.then(() => {
      hasEnded = true;
    });
    front.stop.abort();
    await front.clock.advance(4_000);
    expect(hasEnded).toBe(false);
    await front.clock.advance(2_000);
    expect(hasEnded).toBe(true);
    await ended;
    disk.resolve();
    await front.clock.advance(1);
    expect(front.told.at(-1)).toBe('recorder closed');
  });

  test('a failing sub-stream is left out, and said', async () => {
    const front = camera();
    expect(front.latest().wish.useSubStream).toBe(true);
    front.latest().fail(new SubStreamFailure('camera-no-video', 'The sub-stream has no video.'));
    await front.clock.advance(1000);
    expect(front.latest().wish.useSubStream).toBe(false);
    front.deliver();
    expect(front.pipeline.status().notes).toHaveLength(1);
    expect(front.pipeline.status().state).toBe('online');
  });

  test('key pictures far apart are told once that repeats, not after one hiccup, and no more once they come often', async () => {
    const front = camera();
    front.latest().fail(new SubStreamFailure('camera-no-video', 'The sub-stream has no video.'));
    await front.clock.advance(1000);
    front.deliver();
    const toldAfter = async (...gapsMs: number[]) => {
      for (const gapMs of gapsMs) {
        await front.clock.advance(gapMs);
        front.latest().sink.packet(front.frame());
      }
      return front.pipeline.status().notes.some((note) => note.includes('apart'));
    };
    expect(await toldAfter(100, 5000, 100, 100, 5000, 100)).toBe(false);
    expect(await toldAfter(5000, 5000)).toBe(true);
    expect(await toldAfter(100)).toBe(true);
    expect(await toldAfter(100)).toBe(false);
  });

  test('movement is recorded, written down, linked to its recording and given a picture', async () => {
    const finding = { startBootMs: 0, score: 0.5, boxes: [], zones: [], bestBootMs: 0 };
    const front = camera([
      { phase: 'started', ...finding },
      { phase: 'ended', endBootMs: 2000, ...finding },
    ]);
    front.deliver();
    front.latest().sink.picture({ width: 1, height: 1, luma: new Uint8Array(1), bootMs: 0 });
    expect(front.pipeline.status().motionNow).toBe(true);
    await front.clock.advance(2000);
    front.latest().sink.picture({ width: 1, height: 1, luma: new Uint8Array(1), bootMs: 2000 });
    expect(front.pipeline.status().motionNow).toBe(false);
    expect(front.told.slice(-6)).toEqual([
      'recorder: motion started',
      'journal: motion started',
      'journal: in recording-1',
      'journal: picture of 0',
      'recorder: motion ended',
      'journal: motion ended',
    ]);
  });

  test('what the camera itself notices is recorded, written down, linked and given a picture, but only what is wanted', async () => {
    const front = camera();
    front.deliver();
    front.pipeline.apply({ ...config, notices: { enabled: true, kinds: ['person'] } });
    const before = front.told.length;
    front.pipeline.notices.heard([
      { kind: 'person', key: '1', active: true },
      { kind: 'vehicle', key: '1', active: true },
    ]);
    expect(front.pipeline.status().motionNow).toBe(true);
    await front.clock.advance(1_000);
    front.pipeline.tick();
    await front.clock.advance(0);
    expect(front.told.slice(before)).toEqual([
      'recorder: motion started',
      'journal: person noticed',
      'journal: person in recording-1',
      'journal: picture of person',
    ]);
    front.pipeline.notices.note('It is not heard.');
    expect(front.pipeline.status().notes).toEqual(['It is not heard.']);
    front.pipeline.apply({ ...config, notices: { enabled: false, kinds: ['person'] } });
    expect(front.told.slice(-2)).toEqual(['recorder: motion ended', 'journal: person over']);
    expect(front.pipeline.status().motionNow).toBe(false);
  });

  test('what the camera itself notices goes on being recorded in a new session, and ends with the camera', async () => {
    const front = camera();
    front.deliver();
    front.pipeline.apply({ ...config, notices: { enabled: true, kinds: ['person'] } });
    front.pipeline.notices.heard([{ kind: 'person', key: '1', active: true }]);
    front.latest().fail(stalled);
    await front.clock.advance(2_000);
    const before = front.told.length;
    front.deliver();
    expect(front.told.slice(before).filter((line) => line.startsWith('recorder'))).toEqual(['recorder begins', 'recorder: motion started']);
    front.stop.abort();
    await front.done;
    expect(front.told.slice(-3)).toEqual(['recorder: motion ended', 'journal: person over', 'recorder closed']);
    front.pipeline.notices.heard([{ kind: 'person', key: '1', active: true }]);
    expect(front.told.at(-1)).toBe('recorder closed');
  });

  test('on a strained machine motion is looked for once a second and events get no picture', async () => {
    const finding = { startBootMs: 0, score: 0.5, boxes: [], zones: [], bestBootMs: 0 };
    const front = camera([{ phase: 'started', ...finding }], { fewerLooks: true, noEventPictures: true });
    front.deliver();
    for (let bootMs = 0; bootMs < 3_000; bootMs += 200) {
      front.latest().sink.picture({ width: 1, height: 1, luma: new Uint8Array(1), bootMs });
    }
    await front.clock.advance(10);
    expect(front.looks).toEqual([0, 1_000, 2_000]);
    expect(front.told.slice(-3)).toEqual(['recorder: motion started', 'journal: motion started', 'journal: in recording-1']);
  });

  test('recording by hand needs a camera that delivers', async () => {
    const front = camera();
    expect(() => front.pipeline.recordFor(1000)).toThrow('delivers no picture');
    front.deliver();
    front.pipeline.recordFor(30_000);
    expect(front.told).toContain('recorder: until 30000, happened nothing');
    front.pipeline.recordFor(40_000, -50);
    expect(front.told).toContain('recorder: until 40000, happened -50');
  });

  test('stopping closes what was being written', async () => {
    const front = camera();
    front.deliver();
    front.stop.abort();
    await front.done;
    expect(front.told.slice(-3)).toEqual(['recorder ends', 'live ends', 'recorder closed']);
  });
});
