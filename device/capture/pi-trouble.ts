import type { ErrorKind } from '#device/contract/contract.ts';
import { Failure } from '#device/kernel/failure.ts';
import { RestartAtOnce } from '#device/kernel/supervise.ts';

/** What libcamera says when the sensor sends nothing any more, and what rpicam says when it then tries to help itself. */
export const hangPattern = /Camera frontend has timed out|Device timeout detected/;

interface Explanation {
  pattern: RegExp;
  kind: ErrorKind;
  message: string;
  action: string;
}

const explanations: Explanation[] = [
  {
    pattern: /no cameras available/i,
    kind: 'camera-unreachable',
    message: 'No Pi camera is connected.',
    action: 'Switch the Pi off and check both ends of the ribbon cable.',
  },
  {
    pattern: /failed to acquire camera|in use by another process|Device or resource busy/i,
    kind: 'camera-refused',
    message: 'Another program uses this Pi camera.',
    action: 'End the other program; a sensor serves one at a time.',
  },
  {
    pattern: /appropriate H\.264 codec|cannot find video encoder|Unrecognised codec/i,
    kind: 'unavailable',
    message: 'This device has no encoder for the Pi camera.',
    action: 'Install rpicam-apps with its encoder libraries (rpicam-apps-encoder): a Pi 5 encodes in software.',
  },
  {
    pattern: /failed to open V4L2 H264 encoder/i,
    kind: 'unavailable',
    message: 'The hardware encoder of this Pi cannot be opened.',
    action: 'Restart the device; check that nothing else encodes on it.',
  },
  {
    pattern: /failed to set (?:capture|output) format|failed to (?:start|set) .*stream/i,
    kind: 'camera-refused',
    message: 'The encoder does not take pictures of this size and rate.',
    action: 'Choose 1920×1080 at 30 pictures a second or less.',
  },
  {
    pattern: /dma_?heap|Cannot allocate memory|failed to allocate|Unable to request \d+ buffers/i,
    kind: 'unavailable',
    message: 'There is not enough memory for pictures of this size.',
    action: 'Choose a smaller picture, or give the camera more memory (cma-512 in config.txt).',
  },
  {
    pattern: /(?:fail|unable|cannot|could not|not found).*tuning|tuning.*(?:fail|unable|cannot|could not|not found)/i,
    kind: 'camera-refused',
    message: 'The tuning file cannot be used.',
    action: 'Check its name, or leave it out.',
  },
  {
    pattern: /unrecognised option|ambiguous|invalid|illegal|required argument/i,
    kind: 'camera-refused',
    message: 'The camera program of this device does not know one of the settings.',
    action: 'Leave out what was set last; an update of the device may know it.',
  },
];

/** What it says last of all, before libcamera's own lines: many of those are warnings of a camera that works. */
const lastWords = /ERROR: \*\*\* (.*) \*\*\*/;
/** What libcamera knows better. */
const errorLine = /^.*\b(?:ERROR|FATAL)\b(?!: \*\*\*).*$/gm;

/** Why an rpicam program ended, from what it said. */
export function explainPiTrouble(said: string): Failure {
  const sentences = [...(lastWords.exec(said)?.slice(1) ?? []), ...(said.match(errorLine) ?? [])];
  const found = explanations.find(({ pattern }) => sentences.some((sentence) => pattern.test(sentence)));
  const cause = new Error(said.trim().slice(-1000) || 'ended without a word');
  if (found) return new Failure(found.kind, found.message, { action: found.action, cause });
  return new Failure('camera-offline', 'The Pi camera’s program ended.', {
    action: 'It is started again by itself; check the ribbon cable if it keeps happening.',
    cause,
  });
}

/** One that never sent anything is offline, and starting it again and again at once would not help it. */
export function sensorHung(sentPictures: boolean): Failure {
  if (sentPictures) {
    return new RestartAtOnce('camera-offline', 'The sensor of the Pi camera stopped sending pictures.', {
      action: 'It is started anew at once. If it keeps happening, check both ends of the ribbon cable and the power supply.',
    });
  }
  return new Failure('camera-offline', 'The sensor of the Pi camera sends no pictures.', {
    action: 'Check both ends of the ribbon cable and the power supply; it is tried again by itself.',
  });
}

export function hungNote(times: number): string {
  const often = times === 1 ? 'once' : `${times} times`;
  return `The sensor stopped sending pictures and was started anew ${often} since the device started. Check the ribbon cable and the power supply if it keeps happening.`;
}

export function sensorLent(): RestartAtOnce {
  return new RestartAtOnce('camera-offline', 'The sensor is used for a still picture.', {
    action: 'Nothing to do: the video goes on by itself in a few seconds.',
  });
}

export function lentNote(seconds: number): string {
  return `The video paused for ${Math.max(1, Math.round(seconds))} s while a still picture was taken: the sensor serves one program at a time.`;
}
