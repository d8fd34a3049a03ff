import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { PiSource } from '#device/contract/contract.ts';
import { systemClock } from '#device/kernel/clock.ts';
import { silentLogger } from '#device/kernel/logger.ts';
import { RestartAtOnce } from '#device/kernel/supervise.ts';
import { jpegSize } from '#device/media/jpeg-size.ts';
import { CollectedCapture, captureUntil, failureOf } from '#device/testing/collected-capture.ts';
import { openRpicamStage, type RpicamStage } from '#device/testing/rpicam-stage.ts';
import { createCapture } from './create-capture.ts';

/** node-raspistill and our raspistill are real; rpicam-still and rpicam-vid are stand-ins: there is no Raspberry Pi here. */

const run = promisify(execFile);
const source: PiSource = { kind: 'pi', width: 640, height: 360, framesPerSecond: 10, rotation: 180, focus: { mode: 'continuous' } };
const onlyPackets = { audio: false, detectionWidth: null, useSubStream: true };

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let stage: RpicamStage | null = null;
afterEach(async () => {
  await stage?.close();
  stage = null;
});

async function open(behaviour: object = {}, stills: { deadlineMs?: number; raspistillPath?: string } = {}) {
  stage = await openRpicamStage(behaviour);
  const { programs, stageLibraries, compatibleFile, raspistillPath } = stage;
  return createCapture({
    clock: systemClock,
    logger: silentLogger,
    pi: { programFolder: programs, compatibleFile, stageLibraries },
    stills: { raspistillPath, ...stills },
  });
}

async function argumentsOfStill(): Promise<string[]> {
  return JSON.parse(await readFile(join(stage?.programs ?? '', '..', 'still-arguments.json'), 'utf8'));
}

describe('A still picture', () => {
  it('is as large as the sensor, and looks as the video does', async () => {
    const room = await open();
    const jpeg = await room.still(source);
    expect(jpegSize(jpeg)).toEqual({ width: 4608, height: 2592 });
    expect(await argumentsOfStill()).toEqual(
      expect.arrayContaining([
        '--nopreview',
        '--camera=0',
        '--timeout=1500',
        '--quality=93',
        '--encoding=jpg',
        '--rotation=180',
        '--autofocus-on-capture',
      ]),
    );
  });

  it('takes the sensor from the video, which goes on afterwards and says so', async () => {
    const room = await open();
    const sink = new CollectedCapture();
    const filming = failureOf(room.session(source, onlyPackets).run(new AbortController().signal, sink));
    await sink.until(() => sink.video.length > 3);
    const jpegs = await Promise.all([room.still(source), room.still(source)]);

    expect(jpegs[0]).toBe(jpegs[1]);
    const failure = await filming;
    expect(failure).toBeInstanceOf(RestartAtOnce);
    expect(failure.message).toBe('The sensor is used for a still picture.');
    const after = await captureUntil(room.session(source, onlyPackets), ({ notes }) => notes.length > 0);
    expect(after.notes[0]).toMatch(/^The video paused for \d+ s while a still picture was taken/);
  });

  it.each([
    [{ failsWith: 'no cameras available' }, 30_000, 'camera-unreachable', 'No Pi camera is connected.'],
    [{ truncatesStill: true }, 30_000, 'unavailable', 'The picture that came from the camera is not whole.'],
    [{ stillTakesMs: 60_000 }, 2_000, 'timeout', 'The Pi camera took no picture within 2 seconds.'],
  ])('that goes wrong says why: %j', async (behaviour, deadlineMs, kind, message) => {
    const room = await open(behaviour, { deadlineMs });
    const failure = await failureOf(room.still(source));
    expect({ kind: failure.kind, message: failure.message }).toEqual({ kind, message });
  });

  it('fails at once where there is no program for it', async () => {
    const room = await open({}, { raspistillPath: '/nowhere/raspistill' });
    expect((await failureOf(room.still(source))).message).toBe('This device has no program for still pictures.');
  });

  it('is for Pi cameras alone', async () => {
    const room = await open();
    expect((await failureOf(room.still({ kind: 'demo' }))).kind).toBe('conflict');
  });
});

describe('Our raspistill', () => {
  const shim = async (...args: string[]) => {
    stage ??= await openRpicamStage();
    return run(stage.raspistillPath, args, { encoding: 'buffer', maxBuffer: 64 * 1024 * 1024 }).then(
      ({ stdout, stderr }) => ({ code: 0, stdout, said: stderr.toString() }),
      (error: { code: number; stdout: Buffer; stderr: Buffer }) => ({
        code: error.code,
        stdout: error.stdout,
        said: error.stderr.toString(),
      }),
    );
  };

  it('translates every option that node-raspistill has', async () => {
    const { code, said, stdout } = await shim(
      ...['-vf', '-hf', '-n', '-e', 'jpg', '-w', '640', '-h', '480', '-t', '1', '-ISO', '250', '-ss', '8000', '-co', '-20', '-br', '40'],
      ...['-sa', '35', '-awb', 'cloud', '-awbg', '1.5,1.2', '-q', '80', '-th', '64:48:35', '-rot', '180', '-ex', 'sports', '-fli', '50hz'],
      ...['-ifx', 'none', '-drc', 'off', '-o', '-', '--', '--hdr=off'],
    );
    expect({ code, said }).toEqual({ code: 0, said: '' });
    expect(jpegSize(stdout)).toEqual({ width: 640, height: 480 });
    expect(await argumentsOfStill()).toEqual([
      ...[
        '--nopreview',
        '--vflip',
        '--hflip',
        '--encoding=jpg',
        '--width=640',
        '--height=480',
        '--immediate',
        '--gain=2.50',
        '--shutter=8000',
      ],
      ...['--contrast=0.80', '--brightness=-0.20', '--saturation=1.35', '--awb=cloudy', '--awbgains=1.5,1.2', '--quality=80'],
      ...['--thumb=64:48:35', '--rotation=180', '--exposure=sport', '--flicker-period=10000us', '--hdr=off', '--output=-'],
    ]);
  });

  it('writes a file whole or not at all', async () => {
    stage = await openRpicamStage();
    const file = join(stage.programs, 'yard.jpg');
    expect(await shim('-w', '320', '-h', '240', '-t', '1', '-o', file)).toMatchObject({ code: 0, said: '' });
    expect(jpegSize(await readFile(file))).toEqual({ width: 320, height: 240 });
    await stage.behave({ failsWith: 'something' });
    const other = join(stage.programs, 'other.jpg');
    expect(await shim('-o', other)).toMatchObject({ code: 255, said: 'raspistill: ERROR: *** something ***\n' });
    expect((await readdir(stage.programs)).filter((name) => name.includes('.jpg'))).toEqual(['yard.jpg']);
  });

  it.each([
    [['-w', 'wide', '-o', '-'], 'raspistill: -w needs a whole number\n'],
    [['-rot', '90', '-o', '-'], 'raspistill: pictures cannot be turned by 90 degrees, only by 180\n'],
    [['-e', 'gif', '-o', '-'], 'raspistill: there is no encoding gif, only jpg, png and bmp\n'],
    [['--annotate', '4', '-o', '-'], 'raspistill: unknown option --annotate\n'],
    [['-o'], 'raspistill: -o needs a value\n'],
    [['-t', '1'], 'raspistill: no output is named\n'],
  ])('refuses %j in one line', async (args, said) => {
    expect(await shim(...args)).toMatchObject({ code: 64, said });
  });
});
