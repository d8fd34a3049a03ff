import { type LiveMessage, liveMessageSchema } from '#device/contract/contract.ts';
import { silentLogger } from '#device/kernel/logger.ts';
import { createLiveRoom, type LiveRoom } from '#device/live/live-room.ts';
import type { LiveStream } from '#device/live/live-stream.ts';
import type { PicturesPort, Viewer } from '#device/live/ports.ts';
import { ascii, box, walkBoxes } from '#device/media/mp4/box.ts';
import type { StreamFormat, TimedPacket, VideoCodec } from '#device/media/packet.ts';
import { SimulatedClock } from './simulated-clock.ts';

export const frameMs = 50;
export const framesPerGroup = 40;

export function formatOf(codec: VideoCodec = 'h264', width = 1280): StreamFormat {
  const video = { codec, codecString: 'avc1.64001f', width, height: 720, timescale: 1000, sampleEntry: box('avc1', new Uint8Array(78)) };
  return { video, audio: null };
}

/** A browser whose connection takes what it is allowed to. */
export class Browser implements Viewer {
  messages: LiveMessage[] = [];
  binaries: Uint8Array[] = [];
  /** In the order they came: the type of a text, or `binary`. */
  order: string[] = [];
  unsentBytes = 0;
  largestUnsentBytes = 0;
  isClosed = false;
  takes: boolean;

  constructor(takes = true) {
    this.takes = takes;
  }

  send(message: string | Uint8Array): void {
    if (typeof message === 'string') {
      const parsed = liveMessageSchema.parse(JSON.parse(message));
      this.messages.push(parsed);
      this.order.push(parsed.type);
    } else {
      this.binaries.push(message);
      this.order.push('binary');
    }
    if (!this.takes) this.unsentBytes += message.length;
    this.largestUnsentBytes = Math.max(this.largestUnsentBytes, this.unsentBytes);
  }

  bufferedBytes(): number {
    return this.unsentBytes;
  }

  close(): void {
    this.isClosed = true;
  }

  of<T extends LiveMessage['type']>(type: T) {
    return this.messages.filter((message) => message.type === type);
  }

  /** Fragments alone, without init segments. */
  get segments(): Uint8Array[] {
    return this.binaries.filter((bytes) => typesOf(bytes)[0] === 'moof');
  }
}

export const typesOf = (bytes: Uint8Array) => [...walkBoxes(bytes)].map((found) => found.type);
export const holds = (bytes: Uint8Array, text: string) => Buffer.from(bytes).includes(text);

export class Decoder implements PicturesPort {
  jpegCalls: { packets: readonly TimedPacket[]; done: (jpeg: Uint8Array) => void }[] = [];
  running = 0;
  started = 0;

  jpeg(_format: StreamFormat, packets: readonly TimedPacket[], _options: object, signal: AbortSignal): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
      this.jpegCalls.push({ packets, done: resolve });
    });
  }

  async *jpegs(_format: StreamFormat, packets: AsyncIterable<TimedPacket>): AsyncGenerator<Uint8Array> {
    this.running += 1;
    this.started += 1;
    try {
      for await (const packet of packets) yield packet.data;
    } finally {
      this.running -= 1;
    }
  }
}

/** A live room with one camera, `front`, whose frames come when a test says so. */
export class LiveStage {
  readonly clock = new SimulatedClock();
  readonly decoder = new Decoder();
  readonly room: LiveRoom = createLiveRoom({ clock: this.clock, logger: silentLogger, pictures: this.decoder });
  readonly camera: LiveStream = this.room.stream('front');
  /** Number of the next frame. */
  frame = 0;
  readonly #stop = new AbortController();
  readonly #running = this.room.run(this.#stop.signal);

  /** Lets frames come in real time; every {@link framesPerGroup}th is a key picture, named by its number. */
  async play(frames: number, sizeBytes = 100): Promise<void> {
    for (let count = 0; count < frames; count += 1) {
      const { frame } = this;
      const data = new Uint8Array(sizeBytes);
      data.set(ascii(`<${frame}>`));
      const key = frame % framesPerGroup === 0;
      const bootMs = this.clock.boot();
      this.camera.packet({ track: 'video', dts: frame * frameMs, compositionOffset: 0, duration: frameMs, key, data, bootMs });
      this.frame += 1;
      await this.clock.advance(frameMs);
    }
  }

  async end(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }
}
