import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';

/** Totals count from the start of the process; they may begin again when a camera is configured anew. */
export interface CameraFigures {
  id: string;
  online: boolean;
  recording: boolean;
  lastFrameAgeMs: number | null;
  framesTotal: number;
  bytesTotal: number;
  restartsTotal: number;
  /** Viewers of its live video. */
  viewers: number;
}

export interface StorageFigures {
  totalBytes: number;
  freeBytes: number;
  recordingsBytes: number;
  recordings: number;
  /** Recorded video, and bytes handed to the medium for it, since the start of the process. */
  videoBytesTotal: number;
  writtenBytesTotal: number;
}

export interface MetricsOptions {
  cameras(): readonly CameraFigures[];
  storage(): Promise<StorageFigures>;
  /** 0 ok, 1 note, 2 warning, 3 failed. */
  healthLevel(): number;
}

export interface Metrics {
  /** Prometheus text format. Figures are read when it is asked for. */
  render(): Promise<string>;
}

/** How often the delay of the event loop is sampled. By itself it would be every 10 ms: a fiftieth of a core for nothing else. */
const eventLoopSampleMs = 500;

export function createMetrics(options: MetricsOptions): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: eventLoopSampleMs });
  const cameras = new CameraMetrics(registry);
  const storage = new StorageMetrics(registry);
  const health = new Gauge({ name: 'kerberos_health_level', help: '0 ok, 1 note, 2 warning, 3 failed', registers: [registry] });
  return {
    render: async () => {
      cameras.update(options.cameras());
      storage.update(await options.storage());
      health.set(options.healthLevel());
      return registry.metrics();
    },
  };
}

class CameraMetrics {
  readonly #online: Gauge<'camera'>;
  readonly #recording: Gauge<'camera'>;
  readonly #age: Gauge<'camera'>;
  readonly #viewers: Gauge<'camera'>;
  readonly #totals: readonly { counter: Total; of: (camera: CameraFigures) => number }[];

  constructor(registry: Registry) {
    const gauge = (name: string, help: string) =>
      new Gauge({ name: `kerberos_camera_${name}`, help, labelNames: ['camera'], registers: [registry] });
    this.#online = gauge('online', '1 while its pictures come in');
    this.#recording = gauge('recording', '1 while it is being recorded');
    this.#age = gauge('last_frame_age_seconds', 'Age of its newest frame');
    this.#viewers = gauge('viewers', 'Viewers of its live video');
    this.#totals = [
      { counter: new Total('kerberos_camera_frames_total', 'Frames received', registry), of: (camera) => camera.framesTotal },
      {
        counter: new Total('kerberos_camera_bytes_total', 'Bytes of video and sound received', registry),
        of: (camera) => camera.bytesTotal,
      },
      {
        counter: new Total('kerberos_camera_restarts_total', 'Times its session began anew', registry),
        of: (camera) => camera.restartsTotal,
      },
    ];
  }

  update(cameras: readonly CameraFigures[]): void {
    // A camera that was removed must not stay in the figures.
    for (const gauge of [this.#online, this.#recording, this.#age, this.#viewers]) gauge.reset();
    for (const camera of cameras) {
      this.#online.set({ camera: camera.id }, Number(camera.online));
      this.#recording.set({ camera: camera.id }, Number(camera.recording));
      if (camera.lastFrameAgeMs !== null) this.#age.set({ camera: camera.id }, camera.lastFrameAgeMs / 1000);
      this.#viewers.set({ camera: camera.id }, camera.viewers);
    }
    for (const { counter, of } of this.#totals) counter.update(new Map(cameras.map((camera) => [camera.id, of(camera)])));
  }
}

/** A counter per camera that follows a total kept elsewhere. A total that fell began again from zero. */
class Total {
  readonly #counter: Counter<'camera'>;
  #last: ReadonlyMap<string, number> = new Map();

  constructor(name: string, help: string, registry: Registry) {
    this.#counter = new Counter({ name, help, labelNames: ['camera'], registers: [registry] });
  }

  update(totals: ReadonlyMap<string, number>): void {
    for (const camera of this.#last.keys()) if (!totals.has(camera)) this.#counter.remove({ camera });
    for (const [camera, total] of totals) {
      const before = this.#last.get(camera) ?? 0;
      this.#counter.inc({ camera }, total >= before ? total - before : total);
    }
    this.#last = totals;
  }
}

class StorageMetrics {
  readonly #gauges: Record<keyof StorageFigures, Gauge>;

  constructor(registry: Registry) {
    const gauge = (name: string, help: string) => new Gauge({ name: `kerberos_storage_${name}`, help, registers: [registry] });
    this.#gauges = {
      totalBytes: gauge('size_bytes', 'Size of the volume that holds the recordings'),
      freeBytes: gauge('free_bytes', 'Free space of that volume'),
      recordingsBytes: gauge('recordings_bytes', 'Size of all recordings'),
      recordings: gauge('recordings', 'Number of recordings'),
      videoBytesTotal: gauge('video_bytes', 'Video recorded since the start'),
      writtenBytesTotal: gauge('written_bytes', 'Bytes handed to the medium for it since the start'),
    };
  }

  update(figures: StorageFigures): void {
    this.#gauges.totalBytes.set(figures.totalBytes);
    this.#gauges.freeBytes.set(figures.freeBytes);
    this.#gauges.recordingsBytes.set(figures.recordingsBytes);
    this.#gauges.recordings.set(figures.recordings);
    this.#gauges.videoBytesTotal.set(figures.videoBytesTotal);
    this.#gauges.writtenBytesTotal.set(figures.writtenBytesTotal);
  }
}
