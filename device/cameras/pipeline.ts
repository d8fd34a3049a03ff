import type { CameraConfig, CameraStatus } from '#device/contract/contract.ts';
import { defaultBackoff } from '#device/kernel/backoff.ts';
import { Failure } from '#device/kernel/failure.ts';
import { RestartAtOnce, supervise } from '#device/kernel/supervise.ts';
import { within } from '#device/kernel/within.ts';
import type { LumaPicture, StreamFormat, TimedPacket } from '#device/media/packet.ts';
import { Connection } from './connection.ts';
import { EventRecording } from './event-recording.ts';
import { GateKeeper, keyIntervalEnoughMs } from './gate-keeper.ts';
import { LightState } from './light-state.ts';
import { MotionEvents } from './motion-events.ts';
import { MotionWatch } from './motion-watch.ts';
import { NoticeEvents } from './notice-events.ts';
import type { PipelineDeps, SessionSink } from './ports.ts';
import { RecentPictures } from './recent-pictures.ts';
import { StreamMeter } from './stream-meter.ts';

/** Wide enough to see a person at the far end of a garden, small enough that detecting costs less than half a millisecond. */
const detectionWidth = 320;
/** A camera that was switched off comes back on its own network; nobody should stand before it for a minute. */
const longestPauseMs = 15_000;
/** How often motion is looked for on a strained machine. */
const sparingLookMs = 1_000;
/** A sub-stream that failed is left out of the sessions that begin in the next ten minutes. */
const subStreamRetryMs = 600_000;
/** What is pending is written in far less. */
const recorderPatienceMs = 5_000;
const longGapNote =
  'Key pictures are more than 4 s apart and there is no sub-stream: movement is found later. Add a sub-stream, or set a shorter key picture interval in the camera.';
const subStreamNote = 'The sub-stream failed; detection uses the main stream, which costs more.';

/** The way of a picture for one camera: what its capture session delivers goes to the recorder, to the viewers and to detection. */
export class CameraPipeline {
  readonly notices: NoticeEvents;
  #config: CameraConfig;
  readonly #deps: PipelineDeps;
  readonly #connection: Connection;
  readonly #meter = new StreamMeter();
  readonly #pictures = new RecentPictures();
  readonly #recording: EventRecording;
  readonly #events: MotionEvents;
  readonly #motion: MotionWatch;
  readonly #gate: GateKeeper;
  readonly #light: LightState;
  #notes = new Set<string>();
  #withoutSubStreamUntilMs = 0;
  #usesSubStream = false;
  #lookedBootMs = Number.NEGATIVE_INFINITY;

  constructor(config: CameraConfig, deps: PipelineDeps) {
    this.#config = config;
    this.#deps = deps;
    this.#connection = new Connection(config.enabled, deps.clock.boot());
    this.#recording = new EventRecording(deps.recorder);
    this.#events = new MotionEvents(config.id, { ...deps, recorder: this.#recording.because('seen here'), pictures: this.#pictures });
    this.notices = new NoticeEvents(config.id, config.notices, { ...deps, recording: this.#recording, pictures: this.#pictures });
    this.#motion = new MotionWatch(config.motion, {
      detection: deps.detection,
      onObservation: (observation, moving) => deps.live.observation({ ...observation, moving }),
      onStep: (step) => {
        this.#events.step(step);
        if (step.phase !== 'updated') deps.onChange();
      },
    });
    this.#gate = new GateKeeper({
      logger: deps.logger,
      gate: (format) => deps.detection.gate(format),
      lumas: (format, packets, signal) => deps.capture.lumas(format, packets, { width: detectionWidth, framesPerSecond: 5 }, signal),
      observe: (picture) => this.#motion.picture(picture),
      groupSoFar: () => this.#pictures.currentGroup(),
      mayDecode: () => !deps.thrift().noDecodingBetween,
    });
    this.#light = new LightState({
      bootMs: () => deps.clock.boot(),
      wallOf: (bootMs) => deps.wallOf(bootMs),
      changed: (state, message) => {
        this.#motion.lightChanged();
        deps.journal.lightChanged(config.id, state, message, deps.clock.boot());
      },
    });
    deps.recorder.configure(config.recording, config.name);
    deps.live.state(this.#connection.state);
  }

  get config(): CameraConfig {
    return this.#config;
  }

  /** Until aborted; then everything that was being written is closed, unless the disk hangs: that holds up no change of a camera. */
  async run(signal: AbortSignal): Promise<void> {
    try {
      if (this.#config.enabled) await this.#supervise(signal);
    } finally {
      this.notices.close();
      this.#events.close();
      const inTime = await within(this.#deps.clock, recorderPatienceMs, this.#deps.releaseRecorder());
      if (!inTime) this.#deps.logger.warn({ camera: this.#config.id }, 'the disk holds up the recordings of this camera');
    }
  }

  /** Takes over what needs no new session. */
  apply(config: CameraConfig): void {
    this.#config = config;
    this.#deps.recorder.configure(config.recording, config.name);
    this.#motion.configure(config.motion);
    this.notices.configure(config.notices);
    this.#deps.onChange();
  }

  /** Once a second: what must happen though no picture comes. */
  tick(): void {
    this.#motion.tick(this.#deps.clock.boot());
    this.#events.tick();
    this.notices.tick();
  }

  /** `happenedBootMs`: what is to be recorded began then, so the pre-roll before it belongs to it. */
  recordFor(durationMs: number, happenedBootMs: number | null = null): void {
    if (this.#connection.state !== 'online') {
      throw new Failure('camera-offline', `${this.#config.name} delivers no picture, so there is nothing to record.`, {
        action: this.#connection.problem?.action ?? 'Wait until the camera is online.',
      });
    }
    this.#deps.recorder.recordUntil(this.#deps.clock.boot() + durationMs, happenedBootMs);
    this.#deps.onChange();
  }

  stopRecording(): void {
    this.#deps.recorder.stopManual();
    this.#deps.onChange();
  }

  status(): CameraStatus {
    const { clock, wallOf, recorder } = this.#deps;
    const connection = this.#connection;
    const light = this.#light.status();
    return {
      state: connection.state,
      since: new Date(wallOf(connection.sinceBootMs)).toISOString(),
      problem: connection.problem,
      lastFrameAgeMs: connection.lastFrameAgeMs(clock.boot()),
      stream: this.#meter.info(),
      recordingNow: recorder.isRecording,
      motionNow: this.#motion.moving || this.notices.seesMotion,
      restarts: connection.restarts,
      notes: [...this.#notes, ...this.notices.notes],
      ...(light ? { light } : {}),
    };
  }

  /** What must be decoded to see the newest key picture; null while there is none. */
  newestPicture(): { format: StreamFormat; packets: readonly TimedPacket[] } | null {
    return this.#pictures.newest();
  }

  /** Totals for graphs, since this pipeline began. */
  figures(): { framesTotal: number; bytesTotal: number; restartsTotal: number } {
    const { frames, bytes } = this.#meter.totals;
    return { framesTotal: frames, bytesTotal: bytes, restartsTotal: this.#connection.restarts };
  }

  #supervise(signal: AbortSignal): Promise<void> {
    return supervise(
      {
        clock: this.#deps.clock,
        backoff: { ...defaultBackoff, maxMs: longestPauseMs, random: this.#deps.random },
        start: (sessionSignal, alive) => this.#session(sessionSignal, alive),
        failed: ({ error }) => this.#failed(error),
      },
      signal,
    );
  }

  async #session(signal: AbortSignal, alive: () => void): Promise<void> {
    const { source, recording, motion } = this.#config;
    const hasSubStream = source.kind === 'rtsp' && source.subUrl !== undefined;
    this.#usesSubStream = hasSubStream && this.#deps.clock.boot() >= this.#withoutSubStreamUntilMs;
    const session = this.#deps.capture.session(source, {
      audio: recording.audio,
      detectionWidth: motion.enabled ? detectionWidth : null,
      useSubStream: this.#usesSubStream,
    });
    try {
      await session.run(signal, this.#sink(alive));
    } finally {
      this.#sessionEnded();
    }
  }

  #sink(alive: () => void): SessionSink {
    let first = true;
    return {
      format: (format) => this.#begin(format),
      packet: (packet) => {
        if (first && packet.track === 'video') {
          first = false;
          alive();
        }
        this.#packet(packet);
      },
      picture: (picture: LumaPicture) => {
        if (!this.#gate.decoding && this.#mayLook(picture.bootMs)) this.#motion.picture(picture);
      },
      note: (note) => this.#note(note),
      light: (light) => {
        this.#light.take(light);
        this.#deps.onChange();
      },
    };
  }

  #mayLook(bootMs: number): boolean {
    if (this.#deps.thrift().fewerLooks && bootMs - this.#lookedBootMs < sparingLookMs) return false;
    this.#lookedBootMs = bootMs;
    return true;
  }

  #begin(format: StreamFormat): void {
    this.#notes = new Set(this.#deps.clock.boot() < this.#withoutSubStreamUntilMs ? [subStreamNote] : []);
    this.#meter.begin(format);
    this.#pictures.begin(format);
    this.#gate.begin(format, this.#config.motion.enabled && !this.#usesSubStream);
    this.#deps.recorder.begin(format);
    this.#recording.resume(this.#deps.clock.boot());
    this.#deps.live.begin(format);
  }

  #packet(packet: TimedPacket): void {
    this.#meter.packet(packet);
    this.#pictures.packet(packet);
    this.#deps.recorder.packet(packet);
    this.#deps.live.packet(packet);
    if (packet.track !== 'video') return;
    const keyGapMs = this.#meter.keyGapMs(packet.bootMs);
    this.#gate.packet(packet, keyGapMs);
    if (packet.key && this.#gate.needed) this.#judgeKeyIntervals();
    if (!this.#connection.frame(this.#deps.clock.boot())) return;
    this.#deps.logger.info({ camera: this.#config.id }, 'camera online');
    this.#deps.journal.online(this.#config.id, this.#deps.clock.boot());
    this.#deps.live.state('online');
    this.#deps.onChange();
  }

  #judgeKeyIntervals(): void {
    const [shorterMs, longerMs] = this.#meter.lastKeyIntervalsMs ?? [0, Number.POSITIVE_INFINITY];
    if (shorterMs > keyIntervalEnoughMs) this.#note(longGapNote);
    if (longerMs <= keyIntervalEnoughMs && this.#notes.delete(longGapNote)) this.#deps.onChange();
  }

  #note(note: string): void {
    if (this.#notes.has(note)) return;
    this.#notes.add(note);
    this.#deps.onChange();
  }

  #sessionEnded(): void {
    this.#gate.end();
    this.#motion.stop(this.#deps.clock.boot());
    this.#deps.recorder.end();
    this.#deps.live.end();
    this.#pictures.end();
  }

  #failed(error: unknown): void {
    const { capture, clock, logger, journal, live, onChange } = this.#deps;
    const failure =
      error instanceof Failure ? error : new Failure('internal', 'The camera stopped for an unknown reason.', { cause: error });
    logger.warn({ camera: this.#config.id, kind: failure.kind }, failure.message);
    // What a camera does wrong is told in our words; the program's own are for who looks closer, or for what should not happen.
    logger[failure.kind === 'internal' ? 'error' : 'debug']({ camera: this.#config.id, err: failure.cause }, 'why the camera stopped');
    if (capture.isSubStreamFailure(error) && this.#usesSubStream) {
      this.#withoutSubStreamUntilMs = clock.boot() + subStreamRetryMs;
      return;
    }
    if (error instanceof RestartAtOnce) {
      onChange();
      return;
    }
    const bootMs = clock.boot();
    if (this.#connection.failed(failure, bootMs)) {
      journal.offline(this.#config.id, failure.message, bootMs);
      live.state('offline');
    }
    onChange();
  }
}
