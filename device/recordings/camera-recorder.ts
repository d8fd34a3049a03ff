import type { Box, RecordingSettings, RecordingTrigger } from '#device/contract/contract.ts';
import { defaultRecordingSettings } from '#device/contract/contract.ts';
import type { Gop } from '#device/media/gop.ts';
import type { StreamFormat, TimedPacket } from '#device/media/packet.ts';
import { GopRing, ringLengthMs } from './gop-ring.ts';
import type { RecordingRow } from './model.ts';
import { type Motion, markFor, newRecording } from './new-recording.ts';
import type { PartWriter } from './part-writer.ts';
import { mostPartBytes, QueueLimit } from './queue-limit.ts';
import { RecentRecordings } from './recent-recordings.ts';
import type { Recorder } from './recorder.ts';
import type { RecorderTime } from './recorder-time.ts';
import type { TriggerMark } from './recording-index.ts';
import { RecordingRequest } from './recording-request.ts';

export interface CameraRecorderDeps {
  cameraId: string;
  writer: PartWriter;
  time: RecorderTime;
  /** False while the storage is gone or refuses: nothing is begun then. */
  isWritable(): boolean;
  /** The writer does not keep up: what arrives is dropped until it does. */
  stuck(isStuck: boolean): void;
  newId(): string;
  ringBytes: number;
  queueBytes: number;
}

const partMs = 1_000;
/** A part that waits for its next packet is written without it after this long. */
const partPatienceMs = 1_300;
const rank: Record<RecordingTrigger, number> = { continuous: 0, motion: 1, manual: 2 };

interface OpenFile {
  row: RecordingRow;
  pending: TimedPacket[];
  pendingBytes: number;
  /** Ends with the running group of pictures, so that the next file can follow without a gap. */
  endsAtKey: boolean;
}

/** Decides packet by packet what of one camera is kept. Never waits, never throws into the pipeline for anything the disk does. */
export class CameraRecorder implements Recorder {
  readonly #deps: CameraRecorderDeps;
  readonly #ring: GopRing;
  #settings: RecordingSettings = defaultRecordingSettings;
  #cameraName: string;
  #format: StreamFormat | null = null;
  #open: OpenFile | null = null;
  #motion: Motion | null = null;
  readonly #request = new RecordingRequest();
  #lastWrittenDts = Number.NEGATIVE_INFINITY;
  #lastGopMs = 0;
  #splitWanted = false;
  readonly #queueLimit: QueueLimit;
  readonly #recent = new RecentRecordings();

  constructor(deps: CameraRecorderDeps) {
    this.#deps = deps;
    this.#cameraName = deps.cameraId;
    this.#ring = new GopRing(deps.ringBytes);
    this.#queueLimit = new QueueLimit(deps.writer, deps.queueBytes, (isStuck) => deps.stuck(isStuck));
  }

  configure(settings: RecordingSettings, cameraName: string): void {
    this.#settings = settings;
    this.#cameraName = cameraName;
    this.#ring.keepMs = ringLengthMs(settings);
    this.#stopIfUnwanted();
  }

  begin(format: StreamFormat): void {
    this.end();
    this.#format = format;
  }

  packet(packet: TimedPacket): void {
    if (!this.#format) return;
    const previousKey = this.#ring.gops.at(-1)?.startBootMs;
    this.#ring.add(packet);
    if (packet.track === 'video') {
      if (packet.key && previousKey !== undefined) this.#lastGopMs = packet.bootMs - previousKey;
      if (this.#decide(packet)) return;
    }
    if (this.#open) this.#append(this.#open, packet);
  }

  motionStarted(motion: { startBootMs: number; boxes: Box[]; score: number }): void {
    this.#motion = { ...motion, untilBootMs: Number.POSITIVE_INFINITY };
    const keepsMotion = this.#settings.mode === 'events' || this.#settings.mode === 'both';
    if (!keepsMotion || !this.#inSchedule(motion.startBootMs)) return;
    const begun = this.#recent.at(motion.startBootMs);
    if (begun && begun.id !== this.#open?.row.id && rank[begun.trigger] < rank.motion) {
      begun.trigger = 'motion';
      this.#deps.writer.enqueue({ kind: 'mark', id: begun.id, mark: this.#markFor('motion') });
    }
    if (this.#open) this.#promote(this.#open, 'motion');
  }

  motionEnded(endBootMs: number): void {
    if (this.#motion) this.#motion.untilBootMs = endBootMs + this.#settings.postRollMs;
  }

  recordUntil(untilBootMs: number, happenedBootMs: number | null): void {
    this.#request.until(untilBootMs, happenedBootMs, this.#deps.time.bootMs());
  }

  stopManual(): void {
    this.#request.end();
    this.#stopIfUnwanted();
  }

  end(): void {
    this.#closeFile();
    this.#format = null;
    this.#ring.clear();
    this.#motion = null;
    this.#lastWrittenDts = Number.NEGATIVE_INFINITY;
    this.#lastGopMs = 0;
  }

  get isRecording(): boolean {
    return this.#open !== null;
  }

  recordingAt(bootMs: number): string | null {
    const open = this.#open?.row;
    if (open && bootMs >= open.startBootMs) return open.id;
    return this.#recent.at(bootMs)?.id ?? null;
  }

  async close(): Promise<void> {
    this.#request.end();
    this.end();
    await this.#deps.writer.idle();
  }

  /** The wall clock stepped: a new file begins at the next key picture. */
  split(): void {
    this.#splitWanted = this.#open !== null;
  }

  /** The writer gave up on what was open; its packets are lost to it. */
  abandon(): void {
    if (this.#open) this.#remember(this.#open);
    this.#open = null;
  }

  /** Time passes without packets. */
  tick(nowBootMs: number): void {
    const open = this.#open;
    const first = open?.pending[0];
    if (open && first && nowBootMs - first.bootMs >= partPatienceMs) this.#flush(open);
    this.#deps.writer.tick(nowBootMs);
    this.#queueLimit.look();
  }

  /** The boot's true time became known. */
  restamp(offsetMs: number): void {
    const row = this.#open?.row;
    if (row?.clock !== 'approximate') return;
    row.clock = 'set';
    row.startWallMs = Math.round(row.startBootMs + offsetMs);
  }

  /** Answers true when the packet is taken in already, with a file that begins in the past. */
  #decide(packet: TimedPacket): boolean {
    const wanted = this.#wanted(packet.bootMs);
    const open = this.#open;
    if (open && wanted === null) {
      if (this.#mustStopAtOnce(open, packet.bootMs)) this.#closeFile();
      else open.endsAtKey = true;
    } else if (open && wanted) {
      open.endsAtKey = false;
      this.#promote(open, wanted);
    }
    if (this.#open && packet.key && this.#endsHere(this.#open, packet.bootMs)) this.#closeFile();
    if (this.#open || wanted === null || !this.#mayBegin()) return false;
    return this.#beginFile(wanted);
  }

  #wanted(bootMs: number): RecordingTrigger | null {
    if (this.#request.lasts(bootMs)) return 'manual';
    const { mode } = this.#settings;
    if (mode === 'off' || !this.#inSchedule(bootMs)) return null;
    if (mode !== 'continuous' && this.#motion && bootMs < this.#motion.untilBootMs) return 'motion';
    return mode === 'events' ? null : 'continuous';
  }

  /** What is off by the owner's will stops now; what merely ran out goes on to the end of its group of pictures. */
  #mustStopAtOnce(open: OpenFile, bootMs: number): boolean {
    return open.row.trigger === 'manual' || this.#settings.mode === 'off' || !this.#inSchedule(bootMs);
  }

  #stopIfUnwanted(): void {
    const now = this.#deps.time.bootMs();
    if (this.#open && this.#wanted(now) === null && this.#mustStopAtOnce(this.#open, now)) this.#closeFile();
  }

  #endsHere(open: OpenFile, bootMs: number): boolean {
    return open.endsAtKey || this.#splitWanted || bootMs - open.row.startBootMs + this.#lastGopMs > this.#settings.maxLengthMs;
  }

  #mayBegin(): boolean {
    this.#queueLimit.look();
    return !this.#queueLimit.isStuck && this.#deps.isWritable();
  }

  #beginFile(trigger: RecordingTrigger): boolean {
    const format = this.#format;
    const gops = this.#gopsFor(trigger);
    const first = gops[0]?.packets[0];
    if (!format || !first) return false;
    const { cameraId, time, newId } = this.#deps;
    const row = newRecording({ id: newId(), cameraId, cameraName: this.#cameraName, time, first, format, mark: this.#markFor(trigger) });
    this.#open = { row, pending: [], pendingBytes: 0, endsAtKey: false };
    this.#splitWanted = false;
    this.#deps.writer.enqueue({ kind: 'open', row, format, first, maxLengthMs: this.#settings.maxLengthMs });
    this.#queueLimit.allowPreRoll(gops.reduce((sum, gop) => sum + gop.sizeBytes, 0));
    for (const packet of gops.flatMap((gop) => gop.packets)) {
      if (this.#open) this.#append(this.#open, packet);
    }
    return true;
  }

  /** Whole groups of pictures that are in no file yet; before the newest only when something happened, and for motion only within the schedule. */
  #gopsFor(trigger: RecordingTrigger): Gop[] {
    const free = this.#ring.gops.filter((gop) => (gop.packets[0]?.dts ?? 0) > this.#lastWrittenDts);
    const happenedMs = trigger === 'motion' ? this.#motion?.startBootMs : trigger === 'manual' ? this.#request.happenedBootMs : null;
    if (typeof happenedMs !== 'number') return free.slice(-1);
    const begin = free.findLastIndex((gop) => gop.startBootMs <= happenedMs - this.#settings.preRollMs);
    return free.slice(Math.max(0, begin)).filter((gop) => trigger === 'manual' || this.#inSchedule(gop.startBootMs));
  }

  #append(open: OpenFile, packet: TimedPacket): void {
    const first = open.pending[0];
    if (packet.track === 'video' && first) {
      const ageMs = packet.bootMs - first.bootMs;
      // A key picture begins a part; where they come so often that each would be a part, some of them do.
      const beginsPart = packet.key && (!first.key || ageMs >= partMs / 2);
      if (beginsPart || ageMs >= partMs || open.pendingBytes >= mostPartBytes) this.#flush(open);
    }
    // A part begins with video; sound that arrives first belongs to what was written.
    if (this.#open !== open || (open.pending.length === 0 && packet.track === 'audio')) return;
    open.pending.push(packet);
    open.pendingBytes += packet.data.length;
  }

  #flush(open: OpenFile): void {
    const { pending: packets, pendingBytes: sizeBytes } = open;
    if (packets.length === 0) return;
    open.pending = [];
    open.pendingBytes = 0;
    if (!this.#queueLimit.takes(sizeBytes)) {
      this.#closeFile();
      return;
    }
    this.#lastWrittenDts = packets.findLast((packet) => packet.track === 'video')?.dts ?? this.#lastWrittenDts;
    this.#deps.writer.enqueue({ kind: 'part', id: open.row.id, packets, sizeBytes });
  }

  #closeFile(): void {
    const open = this.#open;
    if (!open) return;
    this.#flush(open);
    // The flush may have found the writer stuck and closed it already.
    if (this.#open !== open) return;
    this.#open = null;
    this.#splitWanted = false;
    this.#remember(open);
    this.#deps.writer.enqueue({ kind: 'close', id: open.row.id });
  }

  #remember({ row }: OpenFile): void {
    const endBootMs = this.#ring.gops.at(-1)?.packets.at(-1)?.bootMs ?? row.startBootMs;
    this.#recent.add({ id: row.id, startBootMs: row.startBootMs, endBootMs, trigger: row.trigger });
  }

  #promote(open: OpenFile, trigger: RecordingTrigger): void {
    if (rank[trigger] <= rank[open.row.trigger]) return;
    const mark = this.#markFor(trigger);
    Object.assign(open.row, mark);
    this.#deps.writer.enqueue({ kind: 'mark', id: open.row.id, mark });
  }

  #markFor(trigger: RecordingTrigger): TriggerMark {
    return markFor(trigger, this.#motion, this.#format);
  }

  #inSchedule(bootMs: number): boolean {
    return this.#deps.time.isInSchedule(this.#settings.schedule, bootMs);
  }
}
