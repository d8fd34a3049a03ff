import type { CpuFigure, Way } from '../parts/cpu.ts';
import type { SceneName } from '../stage/footage.ts';
import type { Results } from './results.ts';

export interface Row {
  what: string;
  here: string;
  motion: string;
  /** What the figure is of motion's, in words. */
  ratio: string;
  goal: string;
  /** null: no goal, or nothing to compare with. */
  met: boolean | null;
}

const wayNames: Record<Way, string> = {
  record: 'recording alone',
  main: 'recording, detection on the main stream',
  sub: 'recording, detection on the sub-stream',
  motion: 'motion',
};
/** Goals, as the share of motion's processor time on its main stream. */
const cpuGoals: Partial<Record<`${Way}-${SceneName}`, number>> = {
  'main-idle': 1 / 8,
  'sub-idle': 1 / 20,
  'main-busy': 1 / 3,
  'sub-busy': 1 / 3,
};
/** The goal for a session that runs a program of its own for each camera. */
const memoryGoal = 1 / 2;
/** The processor goals are judged where one process serves several cameras, as a house has them. */
const judgedCameras = 4;

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;
const times = (share: number) => (share <= 1 ? `1/${(1 / share).toFixed(1)}` : `${share.toFixed(1)}×`);

export function rows(results: Results): Row[] {
  return [
    ...cpuRows(results.cpu ?? []),
    ...memoryRows(results.cpu ?? []),
    ...writeRows(results.cpu ?? []),
    ...scaleRows(results.cpu ?? []),
    ...clipRows(results),
    ...timeRows(results),
  ];
}

function rivalOf(figures: readonly CpuFigure[], { scene, cameras }: CpuFigure): CpuFigure | undefined {
  return figures.find((other) => other.way === 'motion' && other.scene === scene && other.cameras === cameras);
}

function title({ way, scene, cameras }: CpuFigure): string {
  return `${wayNames[way]}, ${scene}, ${cameras} camera${cameras === 1 ? '' : 's'}`;
}

function cpuRows(figures: readonly CpuFigure[]): Row[] {
  return figures
    .filter((figure) => figure.way !== 'motion')
    .map((figure) => {
      const rival = rivalOf(figures, figure);
      const share = rival ? figure.cpuSecondsPerCameraMinute / rival.cpuSecondsPerCameraMinute : null;
      const goal = cpuGoals[`${figure.way}-${figure.scene}`];
      const judged = goal !== undefined && share !== null && figure.cameras >= judgedCameras;
      return {
        what: `CPU s per camera-minute: ${title(figure)}`,
        here: figure.cpuSecondsPerCameraMinute.toFixed(2),
        motion: rival?.cpuSecondsPerCameraMinute.toFixed(2) ?? '',
        ratio: share === null ? '' : times(share),
        goal: judged ? `≤ ${times(goal).replace('.0', '')} of motion` : '',
        met: judged ? share <= goal : null,
      };
    });
}

function memoryRows(figures: readonly CpuFigure[]): Row[] {
  return figures
    .filter((figure) => figure.way !== 'motion' && figure.scene === 'idle' && figure.cameras > 1)
    .map((figure) => {
      const rival = rivalOf(figures, figure);
      const share = rival ? figure.memoryPerCameraBytes / rival.memoryPerCameraBytes : null;
      const judged = share !== null && figure.cameras >= judgedCameras && figure.way !== 'record';
      return {
        what: `memory a camera (PSS): ${title(figure)}`,
        here: megabytes(figure.memoryPerCameraBytes),
        motion: rival ? megabytes(rival.memoryPerCameraBytes) : '',
        ratio: share === null ? '' : times(share),
        goal: judged ? `≤ ${times(memoryGoal).replace('.0', '')} of motion` : '',
        met: judged ? share <= memoryGoal : null,
      };
    });
}

function writeRows(figures: readonly CpuFigure[]): Row[] {
  const figure = figures.find((one) => one.way === 'main' && one.scene === 'busy' && one.cameras === judgedCameras);
  if (!figure) return [];
  const perByte = (one: CpuFigure | undefined) => (one && one.videoBytes > 0 ? (one.writtenBytes / one.videoBytes).toFixed(2) : '');
  const own = figure.ownWrittenPerVideoByte;
  const row = { ratio: '', goal: '', met: null };
  return [
    {
      ...row,
      what: 'bytes written per byte of video, counted by the kernel',
      here: perByte(figure),
      motion: perByte(rivalOf(figures, figure)),
    },
    { ...row, what: "the same by the device's own count", here: own === null ? '' : own.toFixed(2), motion: '' },
  ];
}

function scaleRows(figures: readonly CpuFigure[]): Row[] {
  return figures
    .filter((figure) => figure.way === 'main' && figure.cameras === 16)
    .map((figure) => {
      const cores = (figure.cpuSecondsPerCameraMinute * figure.cameras) / 60;
      return {
        what: `cores taken by ${title(figure)}`,
        here: cores.toFixed(2),
        motion: '',
        ratio: '',
        goal: '≤ 1 of 2',
        met: cores <= 1,
      };
    });
}

function clipRows({ clips }: Results): Row[] {
  if (!clips) return [];
  const { device, motion } = clips;
  const told = `(of ${device.delays} and ${motion.delays} events)`;
  const nobody = { ratio: '', goal: '', met: null };
  return [
    {
      what: `labelled events found in ${device.clips.length} real clips`,
      here: `${device.found}/${device.labels}`,
      motion: `${motion.found}/${motion.labels}`,
      ratio: '',
      goal: "at least motion's and all but one",
      met: device.found >= motion.found && device.found >= device.labels - 1,
    },
    {
      ...nobody,
      what: 'false events in them',
      here: `${device.falseEvents}`,
      motion: `${motion.falseEvents}`,
      goal: '≤ 1',
      met: device.falseEvents <= 1,
    },
    {
      ...nobody,
      what: `motion to event, p50 ${told}`,
      here: `${device.delayP50S.toFixed(1)} s`,
      motion: `${motion.delayP50S.toFixed(1)} s`,
    },
    {
      ...nobody,
      what: `motion to event, p90 ${told}`,
      here: `${device.delayP90S.toFixed(1)} s`,
      motion: `${motion.delayP90S.toFixed(1)} s`,
      goal: '≤ 2 s at key pictures 2 s apart',
      met: device.delayP90S <= 2,
    },
  ];
}

function timeRows({ live, start, export: exported, index }: Results): Row[] {
  const plain = (what: string, here: string, goal = '', met: boolean | null = null): Row => ({
    what,
    here,
    motion: '',
    ratio: '',
    goal,
    met,
  });
  const ms = (value: number) => `${value.toFixed(0)} ms`;
  const found: Row[] = [];
  if (live) {
    found.push(
      plain(
        'live: camera to the socket of the viewer, p50 / p90',
        `${ms(live.delayP50Ms)} / ${ms(live.delayP90Ms)}`,
        '< 1 s',
        live.delayP90Ms < 1000,
      ),
    );
    found.push(plain('live: opening to first key picture, p50 / p90', `${ms(live.firstPictureP50Ms)} / ${ms(live.firstPictureP90Ms)}`));
  }
  if (start) {
    found.push(plain('start to the first answer', ms(start.healthP50Ms)));
    found.push(plain('start to video in a file', ms(start.recordedP50Ms)));
  }
  if (exported) found.push(plain(`export of ${exported.videoSeconds / 60} min`, `${exported.timesRealTime.toFixed(0)} × real time`));
  if (index) {
    const { slowest } = index;
    const rowsText = `${(index.rows / 1e6).toLocaleString('en')} M recordings`;
    found.push(
      plain(
        `slowest question to an index of ${rowsText}, p95 (${slowest.name})`,
        `${slowest.p95Ms.toFixed(1)} ms`,
        '< 50 ms',
        slowest.p95Ms < 50,
      ),
    );
  }
  return found;
}
