import { describe, expect, test } from 'vitest';
import { encodingFor } from './encoding.ts';
import { usbArguments } from './usb-input.ts';
import { chooseMode, type OfferedMode } from './usb-mode.ts';

const wanted = { width: 1280, height: 720, framesPerSecond: 15, format: 'auto' as const };
const mode = (format: string, width: number, height: number, ...framesPerSecond: number[]): OfferedMode => ({
  format,
  width,
  height,
  framesPerSecond,
});

const c920 = [
  mode('YUYV', 640, 480, 30, 24, 20, 15, 10),
  mode('YUYV', 1280, 720, 10, 7.5, 5),
  mode('H264', 1280, 720, 30, 24, 20, 15, 10),
  mode('MJPG', 1280, 720, 30, 24, 20, 15, 10),
  mode('MJPG', 1920, 1080, 30),
];
const withoutH264 = c920.filter(({ format }) => format !== 'H264');

describe('the mode of a USB camera', () => {
  test('is H.264 where the camera has it at that size, at the slowest rate that is enough', () => {
    expect(chooseMode(c920, wanted)).toEqual({
      format: 'h264',
      inputFormat: 'h264',
      width: 1280,
      height: 720,
      framesPerSecond: 15,
      keptFramesPerSecond: 15,
    });
  });

  test('is Motion JPEG where raw pictures come too slowly or fill the bus', () => {
    expect(chooseMode(withoutH264, wanted)).toMatchObject({ format: 'mjpeg', width: 1280, framesPerSecond: 15 });
    expect(chooseMode(withoutH264, { ...wanted, framesPerSecond: 5 })).toMatchObject({ format: 'mjpeg', framesPerSecond: 10 });
  });

  test('is raw where that is small, since it need not be decoded', () => {
    const small = [mode('YUYV', 640, 480, 30, 15), mode('MJPG', 640, 480, 30, 15)];
    expect(chooseMode(small, { ...wanted, width: 640, height: 480 })).toMatchObject({ format: 'raw', inputFormat: 'yuyv422' });
  });

  test('has the size that was wanted before anything else', () => {
    expect(chooseMode(c920, { ...wanted, width: 1920, height: 1080 })).toMatchObject({ format: 'mjpeg', width: 1920, framesPerSecond: 30 });
    expect(chooseMode(c920, { ...wanted, width: 640, height: 480 })).toMatchObject({ format: 'raw', width: 640 });
    expect(chooseMode([mode('YUYV', 160, 120, 15), mode('YUYV', 1920, 1080, 15)], wanted)).toMatchObject({ width: 1920 });
  });

  test('is the one that the owner insists on, or none', () => {
    expect(chooseMode(c920, { ...wanted, format: 'raw' })).toMatchObject({ format: 'raw', width: 1280, framesPerSecond: 10 });
    expect(() => chooseMode(withoutH264, { ...wanted, format: 'h264' })).toThrow('This USB camera does not deliver H.264.');
    expect(() => chooseMode([mode('S920', 640, 480, 30)], wanted)).toThrow('delivers no format that this device knows');
  });

  test('keeps no more frames than wanted of what must be encoded, and all of what is copied', () => {
    const fast = [mode('MJPG', 1280, 720, 60)];
    expect(chooseMode(fast, wanted)).toMatchObject({ framesPerSecond: 60, keptFramesPerSecond: 15 });
    expect(chooseMode([mode('H264', 1280, 720, 30)], wanted)).toMatchObject({ framesPerSecond: 30, keptFramesPerSecond: 30 });
    expect(chooseMode([mode('YUYV', 1280, 720)], wanted)).toMatchObject({ framesPerSecond: null, keptFramesPerSecond: 15 });
  });
});

describe('what ffmpeg is told', () => {
  test('asks the camera for exactly that mode', () => {
    const args = usbArguments('/dev/video2', chooseMode(withoutH264, wanted));
    expect(args.join(' ')).toContain('-f v4l2 -thread_queue_size 64 -input_format mjpeg -video_size 1280x720 -framerate 15');
    expect(args.slice(-2)).toEqual(['-i', '/dev/video2']);
    expect(usbArguments('/dev/video2', chooseMode([mode('YUYV', 640, 480)], wanted))).not.toContain('-framerate');
  });

  test('encodes nothing that the camera has encoded', () => {
    expect(encodingFor(chooseMode(c920, wanted), 'libx264')).toBeNull();
  });

  test('encodes with the board where it can, and leaves out frames that nobody wanted', () => {
    const chosen = chooseMode([mode('MJPG', 1280, 720, 60)], wanted);
    const [inSoftware, inHardware] = [encodingFor(chosen, 'libx264'), encodingFor(chosen, 'h264_v4l2m2m')];
    expect(inSoftware?.video.join(' ')).toContain('-c:v libx264 -preset ultrafast -tune zerolatency');
    expect(inHardware?.video.join(' ')).toContain('-c:v h264_v4l2m2m');
    expect(inHardware?.lateHeader).toBe(true);
    for (const encoding of [inSoftware, inHardware]) expect(encoding?.video.join(' ')).toContain('gt(floor(t*15),floor(prev_t*15))');
    expect(encodingFor(chooseMode(withoutH264, wanted), 'libx264')?.video.join(' ')).not.toContain('select=');
  });
});
