import { describe, expect, test } from 'vitest';
import { readControls, readFacts } from './v4l2-answers.ts';

/** Of v4l2-ctl 1.22.1 asking Linux 6.1's vivid, shortened. */
const vivid = `Driver Info:
	Driver name      : vivid
	Card type        : vivid
	Capabilities     : 0x85230005
		Video Capture
		Device Capabilities
	Device Caps      : 0x05230005
		Video Capture
		Streaming
ioctl: VIDIOC_ENUM_FMT
	Type: Video Capture

	[0]: 'YUYV' (YUYV 4:2:2, csc-colorspace, csc-ycbcr, csc-quantization, csc-xfer-func)
		Size: Discrete 320x180
			Interval: Discrete 1.000s (1.000 fps)
			Interval: Discrete 0.080s (12.500 fps)
			Interval: Discrete 0.033s (30.000 fps)
		Size: Discrete 640x360
			Interval: Discrete 0.200s (5.000 fps)
`;

/** In the same shape, with the formats that the documentation of UVC cameras gives. */
const webcam = `Driver Info:
	Driver name      : uvcvideo
	Card type        : HD Pro Webcam C920
	Capabilities     : 0x84a00001
	Device Caps      : 0x04200001
ioctl: VIDIOC_ENUM_FMT
	Type: Video Capture

	[0]: 'YUYV' (YUYV 4:2:2)
		Size: Discrete 640x480
			Interval: Discrete 0.033s (30.000 fps)
	[1]: 'H264' (H.264, compressed)
		Size: Discrete 1920x1080
			Interval: Discrete 0.033s (30.000 fps)
	[2]: 'MJPG' (Motion-JPEG, compressed)
		Size: Discrete 1920x1080
			Interval: Discrete 0.033s (30.000 fps)
`;

const controls = `
User Controls

                     brightness 0x00980900 (int)    : min=0 max=255 step=1 default=128 value=128 flags=slider
                       volume 0x00980905 (int)    : min=0 max=255 step=1 default=200 value=200 flags=slider
                           mute 0x00980909 (bool)   : default=0 value=0
                 gain_automatic 0x00980912 (bool)   : default=1 value=1 flags=update
                           gain 0x00980913 (int)    : min=0 max=255 step=1 default=100 value=20 flags=inactive, volatile
                         button 0x0098f900 (button) : value=0 flags=write-only, execute-on-write
                integer_64_bits 0x0098f903 (int64)  : min=-9223372036854775808 max=9223372036854775807 step=1 default=0 value=0
                           menu 0x0098f904 (menu)   : min=1 max=4 default=3 value=3 (Menu Item 3)
				1: Menu Item 1
				3: Menu Item 3
                         string 0x0098f905 (str)    : min=2 max=4 step=1 value='  ' flags=has-payload
                   integer_menu 0x0098f907 (intmenu): min=1 max=8 default=4 value=4 (5 0x5)
				2: 2 (0x2)
				8: 42 (0x2a)
      read_only_integer_32_bits 0x0098f90c (int)    : min=0 max=255 step=1 default=0 value=0 flags=read-only
`;

describe('what a video device says it can do', () => {
  test('its formats, sizes and rates, fastest first', () => {
    expect(readFacts(vivid)).toEqual({
      isCapture: true,
      modes: [
        { format: 'YUYV', width: 320, height: 180, framesPerSecond: [30, 12.5, 1] },
        { format: 'YUYV', width: 640, height: 360, framesPerSecond: [5] },
      ],
    });
    expect(readFacts(webcam).modes.map(({ format, width }) => `${format} ${width}`)).toEqual(['YUYV 640', 'H264 1920', 'MJPG 1920']);
  });

  test('a node that carries metadata is no camera', () => {
    expect(readFacts(webcam.replace('0x04200001', '0x04a00000'))).toEqual({ isCapture: false, modes: [] });
  });

  test('a device that scales to any size is offered at the usual ones', () => {
    const scaling = vivid.replace(
      /Size: Discrete 320x180[\s\S]*/,
      'Size: Stepwise 16x16 - 1280x800 with step 2/2\n\t\t\tInterval: Continuous 0.017s - 1.000s (1.000-60.000 fps)\n',
    );
    expect(readFacts(scaling).modes).toEqual([
      { format: 'YUYV', width: 320, height: 240, framesPerSecond: [60, 1] },
      { format: 'YUYV', width: 640, height: 480, framesPerSecond: [60, 1] },
      { format: 'YUYV', width: 1280, height: 720, framesPerSecond: [60, 1] },
    ]);
  });

  test('whatever else it says is nothing', () => {
    expect(readFacts('Cannot open device /dev/video9, exiting.')).toEqual({ isCapture: false, modes: [] });
    const endless = `${webcam}${'		Size: Discrete 99999x99999\n			Interval: Discrete 0.001s (9999.000 fps)\n'.repeat(2_000)}`;
    expect(readFacts(endless).modes).toHaveLength(3);
  });
});

describe('what can be set in a camera', () => {
  const found = readControls(controls);

  test('numbers, switches and choices; not what is read only, pressed or no plain number', () => {
    expect(found.map(({ id, kind }) => `${id}: ${kind}`)).toEqual([
      'brightness: number',
      'volume: number',
      'mute: switch',
      'gain_automatic: switch',
      'gain: number',
      'menu: choice',
      'integer_menu: choice',
    ]);
  });

  test('with bounds, and whether another one decides it', () => {
    expect(found[0]).toMatchObject({ label: 'Brightness', min: 0, max: 255, step: 1, default: 128, value: 128, changeable: true });
    expect(found.find(({ id }) => id === 'gain')).toMatchObject({ value: 20, changeable: false });
    expect(found.find(({ id }) => id === 'mute')).toMatchObject({ min: 0, max: 1 });
  });

  test('a choice has its words', () => {
    expect(found.find(({ id }) => id === 'menu')?.choices).toEqual([
      { value: 1, label: 'Menu Item 1' },
      { value: 3, label: 'Menu Item 3' },
    ]);
    expect(found.find(({ id }) => id === 'integer_menu')?.choices.at(-1)).toEqual({ value: 8, label: '42' });
  });
});
