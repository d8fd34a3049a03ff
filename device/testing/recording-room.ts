import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClockTrust, RecordingSettings, StorageSettings } from '#device/contract/contract.ts';
import { type Database, openDatabase } from '#device/kernel/database.ts';
import { silentLogger } from '#device/kernel/logger.ts';
import { ascii, box } from '#device/media/mp4/box.ts';
import type { StreamFormat, TimedPacket } from '#device/media/packet.ts';
import { fromTable, type RecordingSummary, type RecordingsTables, recordingsMigrations } from '#device/recordings/index-schema.ts';
import { openRecordings } from '#device/recordings/open-recordings.ts';
import type { Recordings } from '#device/recordings/recordings.ts';
import { FaultyDisk } from './faulty-disk.ts';
import { SimulatedClock } from './simulated-clock.ts';

type Step = { newOffsetMs: number; trust: ClockTrust };

/** A recordings folder and its index in a temporary place, a clock in the test's hand and a disk that fails on demand. */
export class RecordingRoom {
  readonly clock = new SimulatedClock();
  readonly storage: StorageSettings = { maxBytes: null, minFreeBytes: 0, maxAgeDays: null };
  readonly cameras = new Map<string, RecordingSettings>();
  /** As with a disk of the owner's choice. */
  mayBeAbsent = false;
  bootId = 'boot-1';
  trust: ClockTrust = 'set';
  timeZone = 'UTC';
  disk = new FaultyDisk();
  queueBytes = 16_777_216;
  readonly root: string;
  #database: Database<RecordingsTables> | null = null;
  #recordings: Recordings | null = null;
  #stepListeners = new Set<(step: Step) => void>();
  #ids = 0;

  private constructor(root: string) {
    this.root = root;
  }

  static async make(): Promise<RecordingRoom> {
    const root = await mkdtemp(join(tmpdir(), 'recordings-'));
    await mkdir(join(root, 'recordings'));
    return new RecordingRoom(root);
  }

  get folder(): string {
    return join(this.root, 'recordings');
  }

  get database(): Database<RecordingsTables> {
    if (!this.#database) throw new Error('open the room first');
    return this.#database;
  }

  async open(): Promise<Recordings> {
    this.#database = await openDatabase<RecordingsTables>({
      file: join(this.root, 'index.db'),
      room: 'recordings',
      migrations: recordingsMigrations,
    });
    const time = {
      bootId: this.bootId,
      wallOf: (bootMs: number) => this.clock.wall() - this.clock.boot() + bootMs,
      trust: () => this.trust,
      onStep: (listener: (step: Step) => void) => {
        this.#stepListeners.add(listener);
        return () => this.#stepListeners.delete(listener);
      },
    };
    this.#recordings = await openRecordings({
      directory: this.folder,
      mayBeAbsent: this.mayBeAbsent,
      lockFile: join(this.root, 'lock.db'),
      database: this.#database,
      clock: this.clock,
      time,
      timeZone: () => this.timeZone,
      storageSettings: () => this.storage,
      cameraSettings: () => this.cameras,
      logger: silentLogger,
      disk: (written) => {
        this.disk.written = written;
        return this.disk;
      },
      queueBytes: this.queueBytes,
      newId: () => {
        this.#ids += 1;
        return `${this.bootId}-${String(this.#ids).padStart(4, '0')}`;
      },
    });
    return this.#recordings;
  }

  /** The wall clock jumps, and everyone hears it. */
  stepWall(byMs: number, trust: ClockTrust = 'set'): void {
    this.clock.stepWall(byMs);
    this.trust = trust;
    const newOffsetMs = this.clock.wall() - this.clock.boot();
    for (const listener of this.#stepListeners) listener({ newOffsetMs, trust });
  }

  /** The process is gone without a word, as after SIGKILL, and the device boots again with a sound disk. */
  async crash(): Promise<Recordings> {
    this.disk.stopAfter = 0;
    await this.close();
    this.disk = new FaultyDisk();
    this.bootId = `boot-${Number(this.bootId.split('-')[1]) + 1}`;
    return this.open();
  }

  async rows(): Promise<RecordingSummary[]> {
    const rows = await this.database.read.selectFrom('recordings').selectAll().orderBy('startBootMs').execute();
    return rows.map(fromTable);
  }

  async close(): Promise<void> {
    await this.#recordings?.close();
    this.#recordings = null;
    await this.#database?.close();
    this.#database = null;
  }

  async remove(): Promise<void> {
    this.disk.gate = Promise.resolve();
    await this.close();
    await rm(this.root, { recursive: true });
  }
}

/** A stream that no decoder would take, for tests that count and weigh packets: 90 kHz, `avc1`. */
export const plainFormat: StreamFormat = {
  video: {
    codec: 'h264',
    codecString: 'avc1.64001f',
    width: 640,
    height: 360,
    timescale: 90_000,
    sampleEntry: box('avc1', new Uint8Array(78), box('avcC', ascii('not a real configuration'))),
  },
  audio: null,
};

export interface PlainCamera {
  framesPerSecond: number;
  /** Pictures from key to key. */
  keyInterval: number;
  frameBytes: number;
}

/** The picture number `index` of such a stream, presented at `bootMs`. */
export function plainPacket(camera: PlainCamera, index: number, bootMs: number): TimedPacket {
  const duration = Math.round(90_000 / camera.framesPerSecond);
  return {
    track: 'video',
    dts: index * duration,
    compositionOffset: 0,
    duration,
    key: index % camera.keyInterval === 0,
    data: new Uint8Array(camera.frameBytes).fill(index % 251),
    bootMs,
  };
}
