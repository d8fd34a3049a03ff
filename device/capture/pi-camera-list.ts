/** What is plugged into the Pi's camera connectors. */
export interface PiCamera {
  /** By which rpicam programs choose it. */
  index: number;
  /** Of the sensor, e.g. `imx708_wide`. */
  model: string;
  /** libcamera's name: the place of the connector and the sensor on it. The same after every start. */
  id: string;
  width: number;
  height: number;
  modes: PiSensorMode[];
}

interface PiSensorMode {
  width: number;
  height: number;
  framesPerSecond: number;
}

const maxCameras = 16;
const maxModes = 64;

/** Reads what `rpicam-hello --list-cameras` answers, of every release since the modes are listed. Lines it does not know are left out. */
export function readCameraList(answer: string): PiCamera[] {
  const cameras: PiCamera[] = [];
  for (const line of answer.split('\n')) {
    const camera = /^\s*(\d+) : (\S+) \[(\d+)x(\d+)[^\]]*\] \((\/[^\s()]+)\)\s*$/.exec(line);
    if (camera && cameras.length < maxCameras) {
      const [, index, model = '', width, height, id = ''] = camera;
      cameras.push({ index: Number(index), model, id, width: Number(width), height: Number(height), modes: [] });
      continue;
    }
    const modes = cameras.at(-1)?.modes;
    for (const [, width, height, rate] of line.matchAll(/(\d+)x(\d+) [[(](\d+(?:\.\d+)?) fps/g)) {
      if (modes && modes.length < maxModes) modes.push({ width: Number(width), height: Number(height), framesPerSecond: Number(rate) });
    }
  }
  return cameras;
}

/** The most pictures a second at that size: of the modes that are large enough, else of the largest; null when none is known. */
export function fastestRate(camera: PiCamera, width: number, height: number): number | null {
  const large = camera.modes.filter((mode) => mode.width >= width && mode.height >= height);
  const rates = (large.length > 0 ? large : camera.modes).map((mode) => mode.framesPerSecond);
  return rates.length === 0 ? null : Math.max(...rates);
}
