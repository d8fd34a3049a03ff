import { limits, type MotionSettings, type Point, type RecordingSettings, type WeeklySchedule } from '#device/contract/contract.ts';
import { asBoolean, asInteger, asNumber, type EnvironmentReader, type Variable, wrong } from './environment-values.ts';

const secondsPerDay = 86_400;
/** The picture size in which the Agent's regions are drawn unless its own settings say otherwise. */
const agentRegionWidth = 800;
const agentRegionHeight = 640;

/** What the `AGENT_CAPTURE_*` names say about recording, with the variable that said it for each field. */
export function agentRecording(reader: EnvironmentReader): { recording: Partial<RecordingSettings>; variables: Map<string, string> } {
  const recording: Partial<RecordingSettings> = {};
  const variables = new Map<string, string>();
  const durations = [
    ['preRollMs', 'AGENT_CAPTURE_PRERECORDING', limits.preRollMinMs, limits.preRollMaxMs],
    ['postRollMs', 'AGENT_CAPTURE_POSTRECORDING', 0, limits.postRollMaxMs],
    ['maxLengthMs', 'AGENT_CAPTURE_MAXLENGTH', limits.maxLengthMinMs, limits.maxLengthMaxMs],
  ] as const;
  for (const [field, name, minMs, maxMs] of durations) {
    const variable = reader.find(name);
    if (!variable) continue;
    recording[field] = asInteger(variable, { min: minMs / 1000, max: maxMs / 1000, unit: 'seconds' }) * 1000;
    variables.set(`recording.${field}`, variable.name);
  }
  const mode = agentMode(reader);
  if (mode) {
    recording.mode = mode.mode;
    variables.set('recording.mode', mode.variable.name);
  }
  const timetable = reader.find('AGENT_TIMETABLE');
  const timed = reader.find('AGENT_TIME');
  if (timetable && (!timed || asBoolean(timed))) {
    recording.schedule = scheduleOf(timetable);
    variables.set('recording.schedule', timetable.name);
  }
  return { recording, variables };
}

function agentMode(reader: EnvironmentReader): { mode: RecordingSettings['mode']; variable: Variable } | null {
  const recording = reader.find('AGENT_CAPTURE_RECORDING');
  const continuous = reader.find('AGENT_CAPTURE_CONTINUOUS');
  if (recording && !asBoolean(recording)) return { mode: 'off', variable: recording };
  if (continuous) return { mode: asBoolean(continuous) ? 'continuous' : 'events', variable: continuous };
  return recording ? { mode: 'events', variable: recording } : null;
}

export function agentMotion(reader: EnvironmentReader): { motion: Partial<MotionSettings>; variables: Map<string, string> } {
  const motion: Partial<MotionSettings> = {};
  const variables = new Map<string, string>();
  const enabled = reader.find('AGENT_CAPTURE_MOTION');
  if (enabled) {
    motion.enabled = asBoolean(enabled);
    variables.set('motion.enabled', enabled.name);
  }
  const polygon = reader.find('AGENT_REGION_POLYGON');
  const width = baseSize(reader.find('AGENT_CAPTURE_IPCAMERA_BASE_WIDTH')) ?? agentRegionWidth;
  const height = baseSize(reader.find('AGENT_CAPTURE_IPCAMERA_BASE_HEIGHT')) ?? agentRegionHeight;
  if (polygon) {
    motion.zones = [{ name: 'Region', kind: 'include', points: polygonOf(polygon, width, height) }];
    variables.set('motion.zones', polygon.name);
  }
  return { motion, variables };
}

function baseSize(variable: Variable | undefined): number | undefined {
  const size = variable ? asInteger(variable, { min: 0, max: 16_384, unit: 'pixels' }) : 0;
  return size === 0 ? undefined : size;
}

/** `x,y;x,y;…` in pixels of the region's picture to points of 0 to 1. */
function polygonOf(variable: Variable, width: number, height: number): Point[] {
  const expected = `from 3 to ${limits.pointsPerZone} points like 0,0;800,0;800,640`;
  const points = rowsOf(variable.value).map((row) => {
    const [x, y, ...rest] = row.map((text) => (/^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN));
    if (x === undefined || y === undefined || rest.length > 0 || Number.isNaN(x) || Number.isNaN(y)) throw wrong(variable, expected);
    return { x: Math.min(1, x / width), y: Math.min(1, y / height) };
  });
  if (points.length < 3 || points.length > limits.pointsPerZone) throw wrong(variable, expected);
  return points;
}

/** Seven `from,to,from,to` in seconds of the day, Sunday first, to a schedule that begins on Monday. */
function scheduleOf(variable: Variable): WeeklySchedule {
  const rows = rowsOf(variable.value);
  if (rows.length !== 7) throw wrong(variable, 'seven days from Sunday on, like 0,43199,43200,86400;…');
  const days = rows.map((row) => {
    const [from1, to1, from2, to2, ...rest] = row.map((value) =>
      asNumber({ name: variable.name, value }, { min: 0, max: secondsPerDay, unit: 'seconds' }),
    );
    if (from1 === undefined || to1 === undefined || from2 === undefined || to2 === undefined || rest.length > 0) {
      throw wrong(variable, 'four numbers of seconds for each day');
    }
    return joined([spanOf(from1, to1), spanOf(from2, to2)]);
  });
  return [...days.slice(1), ...days.slice(0, 1)];
}

interface Span {
  fromMinute: number;
  toMinute: number;
}

function spanOf(fromSecond: number, toSecond: number): Span {
  return { fromMinute: Math.floor(fromSecond / 60), toMinute: Math.ceil(toSecond / 60) };
}

/** Without empty spans, and with those that touch made one. */
function joined(spans: readonly Span[]): Span[] {
  const kept: Span[] = [];
  for (const span of spans.filter(({ fromMinute, toMinute }) => toMinute > fromMinute).sort((a, b) => a.fromMinute - b.fromMinute)) {
    const last = kept.at(-1);
    if (last && span.fromMinute <= last.toMinute) last.toMinute = Math.max(last.toMinute, span.toMinute);
    else kept.push({ ...span });
  }
  return kept;
}

function rowsOf(text: string): string[][] {
  return text
    .split(';')
    .filter((row) => row.trim() !== '')
    .map((row) => row.split(',').map((value) => value.trim()));
}
