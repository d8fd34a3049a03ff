import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCapture } from '#device/capture/create-capture.ts';
import { systemClock } from '#device/kernel/clock.ts';
import { silentLogger } from '#device/kernel/logger.ts';
import type { StreamFormat, TimedPacket } from '#device/media/packet.ts';
import { codeIn } from '#device/network/code-watch.ts';
import { captureUntil } from '#device/testing/collected-capture.ts';
import { filmedCode } from '#device/testing/filmed-code.ts';
import { keyPictures } from './key-pictures.ts';

const text = 'WIFI:T:WPA;S:FRITZ!Box 7590 AB;P:12345678901234567890;;';
const shot = { width: 1920, height: 1080, moduleSize: 7.2, degrees: 6, blur: 1, noise: 6, white: 200, black: 60 };
const capture = createCapture({ clock: systemClock, logger: silentLogger });
let folder: string;
let file: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'key-pictures-'));
  file = join(folder, 'code.mp4');
  const input = ['-f', 'rawvideo', '-pix_fmt', 'gray', '-video_size', '1920x1080', '-framerate', '5', '-i', 'pipe:0'];
  const coding = ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '28', '-pix_fmt', 'yuv420p', '-g', '5', '-bf', '0'];
  const encoder = spawn('ffmpeg', ['-v', 'error', '-y', ...input, ...coding, file], { stdio: ['pipe', 'ignore', 'inherit'] });
  const picture = filmedCode(text, shot);
  for (let count = 0; count < 10; count += 1) encoder.stdin.write(picture);
  encoder.stdin.end();
  await once(encoder, 'exit');
});
afterAll(() => rm(folder, { recursive: true }));

/** Encoder, file, demultiplexer and decoder are real; the picture is drawn, no lens was used. */
test('a code that a camera of 1920 × 1080 films is read from its newest key picture', async () => {
  const session = capture.session({ kind: 'file', url: file, loop: true }, { audio: false, detectionWidth: null, useSubStream: false });
  const { formats, packets } = await captureUntil(session, (sink) => sink.video.some(({ key }) => key));
  const [format] = formats;
  const key = packets.find((packet) => packet.key && packet.track === 'video');
  if (!format || !key) throw new Error('no key picture');
  const seen: { format: StreamFormat; packets: readonly TimedPacket[] } = { format, packets: [key] };
  const blind = { newestPicture: () => null };
  const cameras = { pipelines: () => [{ newestPicture: () => seen }, blind] };
  const look = keyPictures(cameras, capture, systemClock);
  const pictures = [await look(new AbortController().signal), await look(new AbortController().signal)];
  expect(pictures.filter((picture) => picture === null)).toHaveLength(1);
  const [picture] = pictures.filter((found) => found !== null);
  expect(picture).toMatchObject({ width: 1280, height: 720 });
  expect(picture && codeIn(picture)).toBe(text);
});
