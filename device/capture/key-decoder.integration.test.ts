import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { systemClock } from '#device/kernel/clock.ts';
import { Mp4Demuxer } from '#device/media/mp4/demuxer.ts';
import type { Packet, VideoTrack } from '#device/media/packet.ts';
import { KeyDecoder, pictureSizeOf } from './key-decoder.ts';

vi.setConfig({ testTimeout: 40_000 });

const run = promisify(execFile);

interface Film {
  track: VideoTrack;
  keys: Packet[];
}

/** One colour all over, so that a picture says whose it is. */
async function film(size: string, grey: string, ...coding: string[]): Promise<Film> {
  const input = ['-v', 'error', '-f', 'lavfi', '-i', `color=c=${grey}:s=${size}:r=5`, '-t', '2', '-c:v', 'libx264', '-g', '1', ...coding];
  const mp4 = ['-f', 'mp4', '-movflags', 'empty_moov+default_base_moof+frag_every_frame', 'pipe:1'];
  const { stdout } = await run('ffmpeg', [...input, ...mp4], { encoding: 'buffer', maxBuffer: 1e8 });
  const keys: Packet[] = [];
  const tracks: VideoTrack[] = [];
  new Mp4Demuxer({ tracks: (video) => video && tracks.push(video), packet: (packet) => keys.push(packet) }).push(stdout);
  const [track] = tracks;
  if (!track) throw new Error('no track');
  return { track, keys };
}

const children = async () => (await run('ps', ['--ppid', String(process.pid), '-o', 'comm='])).stdout.match(/ffmpeg/g)?.length ?? 0;

test('pictures keep the shape of the camera, and are never made larger', () => {
  const track = (width: number, height: number) =>
    ({ codec: 'h264', codecString: '', width, height, timescale: 1, sampleEntry: new Uint8Array() }) as const;
  expect(pictureSizeOf(track(1920, 1080), 320)).toEqual({ width: 320, height: 180 });
  expect(pictureSizeOf(track(704, 576), 320)).toEqual({ width: 320, height: 262 });
  expect(pictureSizeOf(track(161, 90), 320)).toEqual({ width: 162, height: 90 });
});

describe('the decoder that all cameras share', () => {
  let bright: Film;
  let dark: Film;
  let decoder: KeyDecoder;
  let use: Disposable;
  beforeAll(async () => {
    bright = await film('640x360', '0xc0c0c0', '-profile:v', 'high', '-bf', '2');
    dark = await film('1280x720', '0x202020', '-profile:v', 'baseline');
  });
  beforeEach(() => {
    decoder = new KeyDecoder({ clock: systemClock, ffmpegPath: 'ffmpeg' }, { width: 320, height: 180 });
    use = decoder.use();
  });
  afterEach(() => use[Symbol.dispose]());

  const brightnessOf = async ({ track, keys }: Film, index: number) => {
    const packet = keys[index];
    if (!packet) throw new Error('no packet');
    const picture = await decoder.decode(track, packet);
    return picture && { height: picture.height, grey: Math.round((picture.luma[1000] ?? 0) / 16) };
  };

  test('gives each its own picture, at once, whatever their sizes, in one child', async () => {
    for (let index = 0; index < 8; index += 1) {
      expect(await brightnessOf(bright, index)).toEqual({ height: 180, grey: 12 });
      expect(await brightnessOf(dark, index)).toEqual({ height: 180, grey: 2 });
    }
    const together = await Promise.all([brightnessOf(dark, 0), brightnessOf(bright, 0), brightnessOf(dark, 1), brightnessOf(bright, 1)]);
    expect(together.map((picture) => picture?.grey)).toEqual([2, 12, 2, 12]);
    expect(await children()).toBe(1);
  });

  test('is not led astray by a picture that is none', async () => {
    expect(await brightnessOf(bright, 0)).toMatchObject({ grey: 12 });
    const nonsense: Packet = { track: 'video', dts: 0, compositionOffset: 0, duration: 1, key: true, data: Buffer.alloc(500, 0x65) };
    const lost = decoder.decode(bright.track, nonsense);
    expect(await brightnessOf(dark, 0)).toMatchObject({ grey: 2 });
    expect(await lost).toBeNull();
  });

  test('names whom it died of, and works again for the others', async () => {
    expect(await brightnessOf(bright, 0)).toMatchObject({ grey: 12 });
    // Those of the tests before may still be about to end.
    await expect.poll(children, { timeout: 10_000 }).toBe(1);
    const { stdout } = await run('pgrep', ['-P', String(process.pid), 'ffmpeg']);
    process.kill(Number(stdout.trim()), 'SIGSTOP');
    const blamed = brightnessOf(bright, 1);
    const other = brightnessOf(dark, 1);
    process.kill(Number(stdout.trim()), 'SIGKILL');
    await expect(blamed).rejects.toThrow('the decoder ended');
    expect(await other).toBeNull();
    expect(await brightnessOf(dark, 2)).toMatchObject({ grey: 2 });
  });

  test('ends with the last that uses it', async () => {
    const other = decoder.use();
    await brightnessOf(bright, 0);
    use[Symbol.dispose]();
    expect(await brightnessOf(bright, 1)).toMatchObject({ grey: 12 });
    other[Symbol.dispose]();
    await expect.poll(children, { timeout: 10_000 }).toBe(0);
    use = decoder.use();
  });
});
