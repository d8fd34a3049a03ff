import type { CameraControl } from '#device/contract/contract.ts';

/** What `v4l2-ctl` is asked, and what its answers mean. It is told a path and answers about a device that may say anything. */

export interface UsbMode {
  /** The four letters of V4L2, e.g. `H264`, `MJPG`, `YUYV`. */
  format: string;
  width: number;
  height: number;
  /** Fastest first; empty when the device does not say. */
  framesPerSecond: number[];
}

export interface VideoFacts {
  /** It delivers pictures; other nodes of a camera carry its metadata. */
  isCapture: boolean;
  modes: UsbMode[];
}

const mostModes = 512;
const mostRates = 32;
const mostControls = 64;
const mostChoices = 64;
const captureCapability = 0x1;
/** Taken of a device that scales to any size. */
const usualSizes = [
  [320, 240],
  [640, 480],
  [1280, 720],
  [1920, 1080],
] as const;

export function factsArguments(path: string): string[] {
  return ['--device', path, '--info', '--list-formats-ext'];
}

export function controlsArguments(path: string): string[] {
  return ['--device', path, '--list-ctrls-menus'];
}

export function setControlArguments(path: string, change: { id: string; value: number }): string[] {
  return ['--device', path, '--set-ctrl', `${change.id}=${change.value}`];
}

export function readFacts(answer: string): VideoFacts {
  const capabilities =
    /^\s*Device Caps\s*:\s*0x([0-9a-f]{1,8})/im.exec(answer)?.[1] ?? /^\s*Capabilities\s*:\s*0x([0-9a-f]{1,8})/im.exec(answer)?.[1];
  const isCapture = capabilities !== undefined && (Number.parseInt(capabilities, 16) & captureCapability) !== 0;
  return { isCapture, modes: isCapture ? readModes(answer) : [] };
}

function readModes(answer: string): UsbMode[] {
  const modes: UsbMode[] = [];
  let format: string | null = null;
  let sized: UsbMode[] = [];
  for (const line of answer.split('\n')) {
    format = /^\s*\[\d+\]:\s*'([\w ]{4})'/.exec(line)?.[1] ?? format;
    if (format === null) continue;
    const sizes = sizesIn(line);
    if (sizes !== null) {
      sized = sizes.map(([width, height]) => ({ format: (format ?? '').trim(), width, height, framesPerSecond: [] }));
      modes.push(...sized);
      if (modes.length > mostModes) break;
    }
    const rate = /\(\s*(\d+(?:\.\d+)?)(?:-(\d+(?:\.\d+)?))? fps\)/.exec(line);
    if (!rate) continue;
    for (const mode of sized) {
      for (const value of [rate[2], rate[1]].map(Number)) {
        if (value > 0 && value <= 240 && mode.framesPerSecond.length < mostRates) mode.framesPerSecond.push(value);
      }
      mode.framesPerSecond.sort((one, other) => other - one);
    }
  }
  return modes.slice(0, mostModes).filter(({ width, height }) => width > 0 && height > 0 && width <= 16_384 && height <= 16_384);
}

function sizesIn(line: string): [number, number][] | null {
  const discrete = /Size: Discrete (\d{1,5})x(\d{1,5})/.exec(line);
  if (discrete) return [[Number(discrete[1]), Number(discrete[2])]];
  const range = /Size: (?:Stepwise|Continuous) (\d{1,5})x(\d{1,5}) - (\d{1,5})x(\d{1,5})/.exec(line);
  if (!range) return null;
  const [leastWidth = 0, leastHeight = 0, mostWidth = 0, mostHeight = 0] = range.slice(1).map(Number);
  return usualSizes
    .filter(([width, height]) => width >= leastWidth && height >= leastHeight && width <= mostWidth && height <= mostHeight)
    .map(([width, height]) => [width, height]);
}

const controlLine = /^\s*([a-z0-9_]{1,64})\s+0x[0-9a-f]+\s+\((int|bool|menu|intmenu)\)\s*:\s*(.*)$/;
const choiceLine = /^\s+(-?\d{1,10}):\s(.{1,100})$/;

/** Controls that are only read, or that hold no plain number, are left out. */
export function readControls(answer: string): CameraControl[] {
  const controls: CameraControl[] = [];
  for (const line of answer.split('\n')) {
    const found = controlLine.exec(line);
    if (found) {
      const control = controlOf(found[1] ?? '', found[2] ?? '', found[3] ?? '');
      if (control && controls.length < mostControls) controls.push(control);
      continue;
    }
    const choice = choiceLine.exec(line);
    const last = controls.at(-1);
    if (choice && last?.kind === 'choice' && last.choices.length < mostChoices) {
      last.choices.push({ value: Number(choice[1]), label: (choice[2] ?? '').replace(/\s*\(0x[0-9a-f]+\)\s*$/, '').trim() });
    }
  }
  return controls;
}

const kinds: Record<string, CameraControl['kind']> = { int: 'number', bool: 'switch', menu: 'choice', intmenu: 'choice' };

function controlOf(id: string, type: string, rest: string): CameraControl | null {
  const number = (name: string) => {
    const text = new RegExp(`\\b${name}=(-?\\d{1,12})`).exec(rest)?.[1];
    return text === undefined ? null : Number(text);
  };
  const kind = kinds[type];
  const value = number('value');
  const flags = /flags=([\w, -]*)/.exec(rest)?.[1] ?? '';
  if (kind === undefined || value === null || /read-only|write-only|disabled/.test(flags)) return null;
  return {
    id,
    label: labelOf(id),
    kind,
    min: number('min') ?? 0,
    max: number('max') ?? (kind === 'switch' ? 1 : value),
    step: Math.max(1, number('step') ?? 1),
    default: number('default') ?? value,
    value,
    choices: [],
    changeable: !flags.includes('inactive') && !flags.includes('grabbed'),
  };
}

function labelOf(id: string): string {
  const words = id.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
