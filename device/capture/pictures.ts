import { Child } from '#device/kernel/child.ts';
import type { Clock } from '#device/kernel/clock.ts';
import { Failure } from '#device/kernel/failure.ts';
import { jpegSize } from '#device/media/jpeg-size.ts';
import type { LumaPicture, Packet, StreamFormat, TimedPacket } from '#device/media/packet.ts';
import { Channel } from './channel.ts';
import { elementaryBytes } from './elementary-stream.ts';
import { JpegSplitter } from './jpeg-splitter.ts';
import { jpegArguments, jpegsArguments, lumasArguments } from './picture-arguments.ts';
import { PgmReader } from './picture-reader.ts';

export interface DecoderDeps {
  clock: Clock;
  ffmpegPath: string;
}

const onePictureDeadlineMs = 10_000;
/** Pictures that nobody fetched: older ones are of no use to anyone. */
const maxWaitingPictures = 8;

interface OnePicture {
  format: StreamFormat;
  packets: readonly Packet[];
  maxWidth: number;
}

/** JPEG of the last picture the packets lead to. Throws a Failure when there is none or it takes too long. */
export async function decodePicture(
  deps: DecoderDeps,
  { format, packets, maxWidth }: OnePicture,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const track = format.video;
  const video = packets.filter((packet) => packet.track === 'video');
  const last = video.at(-1);
  if (!last) throw new Failure('unavailable', 'There is no picture yet.');
  if (track.codec === 'mjpeg' && (jpegSize(last.data)?.width ?? Number.POSITIVE_INFINITY) <= maxWidth) return last.data;
  const needed = track.codec === 'mjpeg' ? [last] : video;
  const child = new Child(deps.ffmpegPath, jpegArguments(track.codec, maxWidth), { clock: deps.clock });
  const deadline = new AbortController();
  const stop = () => void child.stop();
  signal.addEventListener('abort', stop, { once: true });
  deps.clock.sleep(onePictureDeadlineMs, deadline.signal).then(stop, () => {});
  try {
    const jpegs: Uint8Array[] = [];
    const splitter = new JpegSplitter((jpeg) => jpegs.splice(0, 1, jpeg));
    child.stdin.end(Buffer.concat(needed.map((packet) => elementaryBytes(track, packet))));
    for await (const chunk of child.stdout) splitter.push(chunk);
    signal.throwIfAborted();
    const jpeg = jpegs[0];
    if (!jpeg) throw new Failure('unavailable', 'The picture could not be decoded.', { cause: new Error(child.stderrTail()) });
    return jpeg;
  } finally {
    deadline.abort();
    signal.removeEventListener('abort', stop);
    await child.stop();
  }
}

interface RunningStream {
  format: StreamFormat;
  packets: AsyncIterable<TimedPacket>;
}

/** JPEGs of a running stream; ends with it, or when the signal is aborted or the reader leaves. */
export async function* decodeToJpegs(
  deps: DecoderDeps,
  options: RunningStream & { maxWidth: number; framesPerSecond: number },
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const args = jpegsArguments(options.format.video.codec, options);
  yield* decode<Uint8Array>(deps, args, options, signal, (deliver) => {
    const splitter = new JpegSplitter(deliver);
    return { feeding: () => {}, push: (bytes) => splitter.push(bytes) };
  });
}

/** Small grey pictures of a stretch of a stream, each with the time of the packet it was made of. */
export async function* decodeToLumas(
  deps: DecoderDeps,
  options: RunningStream & { width: number; framesPerSecond: number },
  signal: AbortSignal,
): AsyncGenerator<LumaPicture> {
  yield* decode<LumaPicture>(deps, lumasArguments(options.format.video.codec, options.width), options, signal, (deliver) => {
    // Every packet makes one picture, and pictures come in the order of their times: the smallest time not yet used is theirs.
    const times: number[] = [];
    let nextBootMs = Number.NEGATIVE_INFINITY;
    const reader = new PgmReader((picture) => {
      times.sort((a, b) => a - b);
      const bootMs = times.shift();
      if (bootMs === undefined || bootMs < nextBootMs) return;
      nextBootMs = bootMs + 1000 / options.framesPerSecond - 1;
      deliver({ ...picture, bootMs });
    });
    return { feeding: (packet) => times.push(packet.bootMs), push: (bytes) => reader.push(bytes) };
  });
}

interface Assembler {
  /** That packet goes to the decoder now. */
  feeding(packet: TimedPacket): void;
  push(bytes: Uint8Array): void;
}

async function* decode<T>(
  deps: DecoderDeps,
  args: string[],
  { format, packets }: RunningStream,
  signal: AbortSignal,
  assemble: (deliver: (value: T) => void) => Assembler,
): AsyncGenerator<T> {
  const child = new Child(deps.ffmpegPath, args, { clock: deps.clock });
  const channel = new Channel<T>(maxWaitingPictures);
  const assembler = assemble((value) => channel.put(value));
  const leaving = new AbortController();
  const stop = () => {
    leaving.abort();
    void child.stop();
  };
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  child.stdout.on('data', (bytes: Buffer) => {
    try {
      assembler.push(bytes);
    } catch {
      stop();
    }
  });
  child.stdout.once('close', () => channel.close());
  const feeding = feed(child, format, packets, leaving.signal, (packet) => assembler.feeding(packet));
  try {
    yield* channel;
  } finally {
    stop();
    signal.removeEventListener('abort', stop);
    await child.stop();
    await feeding;
  }
}

async function feed(
  child: Child,
  format: StreamFormat,
  packets: AsyncIterable<TimedPacket>,
  leaving: AbortSignal,
  feeding: (packet: TimedPacket) => void,
): Promise<void> {
  const iterator = packets[Symbol.asyncIterator]();
  const left = new Promise<{ done: true; value: undefined }>((resolve) => {
    const end = () => resolve({ done: true, value: undefined });
    leaving.addEventListener('abort', end, { once: true });
    child.stdin.once('close', end);
    if (leaving.aborted) end();
  });
  let begun = false;
  try {
    for (;;) {
      const { done, value: packet } = await Promise.race([iterator.next(), left]);
      if (done) break;
      begun ||= packet.key && packet.track === 'video';
      if (!begun || packet.track !== 'video') continue;
      feeding(packet);
      if (!child.stdin.write(elementaryBytes(format.video, packet))) {
        await Promise.race([new Promise((resolve) => child.stdin.once('drain', resolve)), left]);
      }
    }
  } finally {
    child.stdin.end();
    // Not awaited: an iterator that waits for its next packet ends only when that packet comes.
    iterator.return?.()?.catch(() => {});
  }
}
