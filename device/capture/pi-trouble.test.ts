import { describe, expect, it } from 'vitest';
import { RestartAtOnce } from '#device/kernel/supervise.ts';
import { explainPiTrouble, hangPattern, sensorHung } from './pi-trouble.ts';

/** Lines of a camera that works, as libcamera 0.5 writes them: none of them is why it ended. */
const working = `[2:05:13.468056511] [11247]  INFO Camera camera_manager.cpp:327 libcamera v0.5.0
[2:05:13.633777247] [11276]  WARN RPiSdn sdn.cpp:40 Using legacy SDN tuning - please consider moving SDN inside rpi.denoise
[2:05:13.636797918] [11276]  INFO RPI pipeline_base.cpp:1121 Using configuration file '/usr/share/libcamera/pipeline/rpi/vc4/rpi_apps.yaml'
[2:05:13.703796675] [11247]  INFO Camera camera.cpp:1202 configuring streams: (0) 1920x1080-YUV420
[2:05:14.000000000] [11276]  WARN V4L2 v4l2_pixelformat.cpp:344 Unsupported V4L2 pixel format, invalid
`;

describe('Why a Pi camera stopped', () => {
  it.each([
    ['ERROR: *** no cameras available ***', 'No Pi camera is connected.'],
    ['ERROR: *** failed to acquire camera /base/soc/i2c0mux/i2c@1/imx708@1a ***', 'Another program uses this Pi camera.'],
    ['ERROR: *** failed to open V4L2 H264 encoder ***', 'The hardware encoder of this Pi cannot be opened.'],
    ['ERROR: *** failed to set capture format ***', 'The encoder does not take pictures of this size and rate.'],
    ["ERROR: *** unrecognised option '--hdr' ***", 'The camera program of this device does not know one of the settings.'],
    [
      '[0:1:2.3] [9] ERROR V4L2 v4l2_videodevice.cpp:1248 /dev/video14[15:out]: Unable to request 4 buffers: Cannot allocate memory',
      'There is not enough memory for pictures of this size.',
    ],
    [
      "[0:1:2.3] [9] ERROR IPARPI ipa_base.cpp:160 Failed to load tuning data file '/data/own.json'\nERROR: *** failed to acquire ***",
      'The tuning file cannot be used.',
    ],
    ['', 'The Pi camera’s program ended.'],
  ])('is told in plain words: %s', (said, message) => {
    expect(explainPiTrouble(working + said).message).toBe(message);
  });

  it('is not guessed from the lines of a camera that works', () => {
    expect(hangPattern.test(working)).toBe(false);
    expect(explainPiTrouble(working).cause).toMatchObject({ message: expect.stringContaining('Unsupported V4L2 pixel format') });
  });
});

describe('A sensor that hangs', () => {
  it('is started anew at once, unless it never sent anything', () => {
    expect(sensorHung(true)).toBeInstanceOf(RestartAtOnce);
    expect(sensorHung(false)).not.toBeInstanceOf(RestartAtOnce);
  });
});
