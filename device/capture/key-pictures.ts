import { concat, u8, u32 } from '#device/media/mp4/box.ts';
import type { StreamFormat, TimedPacket } from '#device/media/packet.ts';
import type { CaptureSink } from './capture.ts';
import { Channel } from './channel.ts';
import { type DecoderDeps, decodeToLumas } from './pictures.ts';

/** Without what comes after it a decoder does not know that a picture is whole, and waits for the next key picture. */
const delimiter = concat([u32(2), u8(0x09, 0xf0)]);
const maxWaiting = 4;
const decoderNote = 'The decoder for detection ended; movement is not found until the camera is opened anew.';

/** The key pictures of an H.264 stream, decoded for detection where nothing smaller is to be had. Its decoder failing ends no session. */
export class KeyPictures {
  readonly #decoder: DecoderDeps;
  readonly #sink: Pick<CaptureSink, 'picture' | 'note'>;
  readonly #width: number;
  readonly #packets = new Channel<TimedPacket>(maxWaiting);
  readonly #stop = new AbortController();

  constructor(decoder: DecoderDeps, sink: Pick<CaptureSink, 'picture' | 'note'>, width: number) {
    this.#decoder = decoder;
    this.#sink = sink;
    this.#width = width;
  }

  begin(format: StreamFormat): void {
    this.#decode(format).catch(() => this.#sink.note(decoderNote));
  }

  packet(packet: TimedPacket): void {
    if (packet.key) this.#packets.put({ ...packet, data: concat([packet.data, delimiter]) });
  }

  end(): void {
    this.#packets.close();
    this.#stop.abort();
  }

  async #decode(format: StreamFormat): Promise<void> {
    const { signal } = this.#stop;
    const options = { format, packets: this.#packets, width: this.#width, framesPerSecond: 30 };
    for await (const picture of decodeToLumas(this.#decoder, options, signal)) this.#sink.picture(picture);
    if (!signal.aborted) this.#sink.note(decoderNote);
  }
}
