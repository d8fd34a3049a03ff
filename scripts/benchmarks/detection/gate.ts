import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Detection } from '#device/detection/detection.ts';
import type { StreamFormat, TimedPacket } from '#device/media/packet.ts';
import type { Clip } from './clips.ts';

const run = promisify(execFile);
const toleranceS = 2;
/** The quiet beginning of each clip is shown this often before the clip, with fresh noise, so that the gate is warm. */
const leadS = 12;
const leadRounds = 5;

/** Re-encodes with key pictures ten seconds apart, as cameras with "smart" codecs do, and measures the gate on the sizes. */
export interface GateVerdict {
  found: number;
  labels: number;
  falseWakes: number;
  minutes: number;
}

async function packets(clip: Clip, folder: string, gopS: number): Promise<TimedPacket[]> {
  const file = path.join(folder, `${path.parse(clip.file).name}-long${gopS}.mp4`);
  const keys = ['-force_key_frames', `expr:gte(t,n_forced*${gopS})`, '-g', '9999', '-sc_threshold', '0', '-bf', '0'];
  const rate = await run('ffprobe', [
    '-v',
    'error',
    '-select_streams',
    'v',
    '-show_entries',
    'stream=r_frame_rate',
    '-of',
    'csv=p=0',
    clip.file,
  ]);
  const framesPerSecond = Number(rate.stdout.split('/')[0]) / Number(rate.stdout.split('/')[1] ?? 1);
  const filter = `loop=loop=${leadRounds}:size=${leadS * framesPerSecond}:start=0,setpts=N/FRAME_RATE/TB,noise=alls=6:allf=t`;
  await run('ffmpeg', [
    '-v',
    'error',
    '-n',
    '-i',
    clip.file,
    '-an',
    '-vf',
    filter,
    '-c:v',
    'libx264',
    '-preset',
    'veryfast',
    '-crf',
    '28',
    ...keys,
    file,
  ]).catch((error: Error) => {
    if (!error.message.includes('already exists')) throw error;
  });
  const fields = ['-select_streams', 'v', '-show_entries', 'packet=pts_time,size,flags', '-of', 'csv=p=0'];
  const { stdout } = await run('ffprobe', ['-v', 'error', ...fields, file], { maxBuffer: 1 << 26 });
  return stdout
    .trim()
    .split('\n')
    .map((line) => {
      const [seconds, size, flags] = line.split(',');
      const bootMs = Number(seconds) * 1000 - leadS * leadRounds * 1000;
      const key = flags?.startsWith('K') ?? false;
      return { track: 'video', dts: bootMs, compositionOffset: 0, duration: 0, key, data: new Uint8Array(Number(size)), bootMs };
    });
}

export async function watchSizes(detection: Detection, clip: Clip, folder: string, gopS: number): Promise<GateVerdict> {
  const shown = await packets(clip, folder, gopS);
  const unused = { codec: 'h264', codecString: '', width: 0, height: 0, timescale: 1000, sampleEntry: new Uint8Array() } as const;
  const format: StreamFormat = { video: unused, audio: null };
  const gate = detection.gate(format);
  const wakesS: number[] = [];
  for (const packet of shown) {
    if (!gate.observe(packet)) continue;
    const atS = packet.bootMs / 1000;
    const isRight = clip.events.some(([from, to]) => atS >= from - toleranceS && atS <= to + toleranceS);
    if (!isRight) gate.falseWake();
    if (atS > 0) wakesS.push(atS);
  }
  const right = clip.events.filter(([from, to]) => wakesS.some((at) => at >= from && at <= to + toleranceS)).length;
  const falseWakes = wakesS.filter((at) => !clip.events.some(([from, to]) => at >= from - toleranceS && at <= to + toleranceS)).length;
  return { found: right, labels: clip.events.length, falseWakes, minutes: clip.durationS / 60 };
}
