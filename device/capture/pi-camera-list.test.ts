import { describe, expect, it } from 'vitest';
import { cameraModule3 } from '#device/testing/rpicam-stage.ts';
import { fastestRate, readCameraList } from './pi-camera-list.ts';

/** Two on a Pi 5, of the time when no colours were named. */
const twoCameras = `Available cameras
-----------------
0 : imx477 [4056x3040] (/base/axi/pcie@120000/rp1/i2c@88000/imx477@1a)
    Modes: 'SRGGB10_CSI2P' : 1332x990 [120.05 fps - (696, 528)/2664x1980 crop]
           'SRGGB12_CSI2P' : 2028x1080 [50.03 fps - (0, 440)/4056x2160 crop]
                             4056x3040 [10.00 fps - (0, 0)/4056x3040 crop]

1 : ov5647 [2592x1944] (/base/axi/pcie@120000/rp1/i2c@80000/ov5647@36)
    Modes: 'SGBRG10_CSI2P' : 640x480 [58.92 fps - (16, 0)/2560x1920 crop]
`;
/** Of the release that first named rates. */
const older = `0 : imx477 [4056x3040] (/base/soc/i2c0mux/i2c@1/imx477@1a)
    Modes: 'SRGGB10_CSI2P' : 1332x990 (120.00 fps)
           'SRGGB12_CSI2P' : 2028x1080 (50.00 fps), 2028x1520 (40.00 fps), 4056x3040 (10.00 fps)
`;

describe('The list of Pi cameras', () => {
  it('names each with its sensor, its place and its modes', () => {
    expect(readCameraList(cameraModule3)).toEqual([
      {
        index: 0,
        model: 'imx708_wide',
        id: '/base/soc/i2c0mux/i2c@1/imx708@1a',
        width: 4608,
        height: 2592,
        modes: [
          { width: 1536, height: 864, framesPerSecond: 120.13 },
          { width: 2304, height: 1296, framesPerSecond: 56.03 },
          { width: 4608, height: 2592, framesPerSecond: 14.35 },
        ],
      },
    ]);
  });

  it('tells two apart', () => {
    const found = readCameraList(twoCameras);
    expect(found.map(({ index, model, modes }) => [index, model, modes.length])).toEqual([
      [0, 'imx477', 3],
      [1, 'ov5647', 1],
    ]);
  });

  it('is read as an older release writes it', () => {
    expect(readCameraList(older)[0]?.modes).toHaveLength(4);
  });

  it('is empty when there is none, and for nonsense', () => {
    expect(readCameraList('No cameras available!\n')).toEqual([]);
    expect(readCameraList('ERROR: *** something ***')).toEqual([]);
  });
});

describe('The fastest rate', () => {
  it('is that of a mode large enough', () => {
    const [camera] = readCameraList(cameraModule3);
    if (!camera) throw new Error('no camera');
    expect(fastestRate(camera, 1280, 720)).toBe(120.13);
    expect(fastestRate(camera, 1920, 1080)).toBe(56.03);
    expect(fastestRate({ ...camera, modes: [] }, 1920, 1080)).toBeNull();
  });
});
