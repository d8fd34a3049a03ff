import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { reelSchema, reelSummarySchema } from '#device/contract/contract.ts';
import { AssembledDevice } from '#device/testing/assembled-device.ts';

const run = promisify(execFile);
const reelListSchema = z.object({ reels: z.array(reelSummarySchema) });

test('a camera fills a reel that any player takes, and takes it along when it goes', { timeout: 120_000 }, async () => {
  const device = await AssembledDevice.start();
  onTestFinished(() => device.remove());
  await device.enter();
  const address = '/api/cameras/yard/time-lapse';
  const camera = { name: 'Yard', source: { kind: 'demo' }, saveAnyway: true, timeLapse: { enabled: true, intervalMs: 5_000 } };
  expect((await device.request('POST', '/api/cameras', camera)).status).toBe(201);
  let day = '';
  await device.until('there are two pictures', async () => {
    const [newest] = (await device.json(reelListSchema, 'GET', address)).reels;
    if (!newest) return false;
    day = newest.day;
    return (await device.json(reelSchema, 'GET', `${address}/${day}`)).pictures.length >= 2;
  });
  const { pictures } = await device.json(reelSchema, 'GET', `${address}/${day}`);
  const shown = await device.request('GET', `${address}/${day}/pictures/${pictures[0]}.jpg`);
  expect(shown.headers.get('content-type')).toBe('image/jpeg');
  const film = await device.request('GET', `${address}/${day}/film.mp4`);
  const file = join(device.directory, 'film.mp4');
  await writeFile(file, new Uint8Array(await film.arrayBuffer()));
  const { stdout, stderr } = await run('ffprobe', [
    '-v',
    'warning',
    '-count_frames',
    '-show_entries',
    'stream=codec_name,nb_read_frames',
    file,
  ]);
  expect(stderr).toBe('');
  expect(stdout).toContain('codec_name=mjpeg');
  expect(Number(/nb_read_frames=(\d+)/.exec(stdout)?.[1])).toBeGreaterThanOrEqual(2);
  expect((await device.request('DELETE', '/api/cameras/yard?deleteRecordings=true')).status).toBe(204);
  expect((await device.json(reelListSchema, 'GET', address)).reels).toEqual([]);
});
