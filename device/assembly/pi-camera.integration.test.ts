import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { cameraSchema, probeResultSchema, recordingSchema, reelSummarySchema } from '#device/contract/contract.ts';
import { AssembledDevice } from '#device/testing/assembled-device.ts';
import { openRpicamStage, type RpicamStage } from '#device/testing/rpicam-stage.ts';

/** The whole device and our raspistill are real; the programs of a Raspberry Pi are stand-ins, found by their names as the real ones are. */

const run = promisify(execFile);
const reelListSchema = z.object({ reels: z.array(reelSummarySchema) });
let stage: RpicamStage;
let device: AssembledDevice;

beforeEach(async () => {
  stage = await openRpicamStage();
  device = await AssembledDevice.start({ env: { PATH: `${stage.programs}:${process.env['PATH'] ?? ''}` } });
  await device.enter();
}, 40_000);

afterEach(async () => {
  await device.remove();
  await stage.close();
});

const camera = () => device.json(cameraSchema, 'GET', '/api/cameras/gate');

describe('a Pi camera of the whole device', { timeout: 180_000 }, () => {
  test('is found, recorded, photographed at full size, and goes on by itself', async () => {
    const source = { kind: 'pi', width: 640, height: 360, framesPerSecond: 10 };
    const found = await device.json(probeResultSchema, 'POST', '/api/cameras/probe', source);
    expect(found.summary).toContain('imx708_wide (/base/soc/i2c0mux/i2c@1/imx708@1a): 640×360 H.264');
    await device.json(cameraSchema, 'POST', '/api/cameras', { name: 'Gate', source, recording: { mode: 'continuous' } });
    await device.until('the camera is online', async () => (await camera()).state === 'online');
    expect((await camera()).status.stream).toMatchObject({ videoCodec: 'h264', width: 640, height: 360 });

    const still = await device.request('GET', '/api/cameras/gate/still.jpg');
    expect(still.status).toBe(200);
    const picture = join(device.directory, 'still.jpg');
    await writeFile(picture, new Uint8Array(await still.arrayBuffer()));
    const size = ['-v', 'error', '-show_entries', 'stream=width,height', '-of', 'csv=p=0'];
    expect((await run('ffprobe', [...size, picture])).stdout.trim()).toBe('4608,2592');

    await device.until('the video goes on and says why it paused', async () => {
      const { state, status } = await camera();
      return state === 'online' && status.notes.some((note) => note.startsWith('The video paused for'));
    });
    await device.until('what was recorded before is closed', async () => {
      await device.until('the sensor tells that it is day', async () => (await camera()).status.light?.state === 'day');
      const { recordings } = await device.json(z.object({ recordings: z.array(recordingSchema) }), 'GET', '/api/recordings?camera=gate');
      return recordings.some(({ state }) => state === 'closed');
    });
    const { recordings } = await device.json(z.object({ recordings: z.array(recordingSchema) }), 'GET', '/api/recordings?camera=gate');
    const closed = recordings.find(({ state }) => state === 'closed');
    const file = join(device.directory, 'recording.mp4');
    await writeFile(file, new Uint8Array(await (await device.request('GET', `/api/recordings/${closed?.id}.mp4`)).arrayBuffer()));
    const { stderr } = await run('ffmpeg', ['-v', 'warning', '-i', file, '-f', 'null', '-']);
    expect(stderr).toBe('');

    await device.json(cameraSchema, 'PATCH', '/api/cameras/gate', { motion: { enabled: false }, timeLapse: { enabled: true } });
    const reels = async () => (await device.json(reelListSchema, 'GET', '/api/cameras/gate/time-lapse')).reels;
    await device.until('its time-lapse has a picture', async () => (await reels()).length > 0);
    const film = await device.request('GET', `/api/cameras/gate/time-lapse/${(await reels())[0]?.day}/film.mp4`);
    await writeFile(file, new Uint8Array(await film.arrayBuffer()));
    expect((await run('ffprobe', [...size, file])).stdout.trim()).toBe('4608,2592');
  });
});
