import type { RecordingSettings } from '#device/contract/contract.ts';
import { defaultRecordingSettings } from '#device/contract/contract.ts';
import { type PlainCamera, plainFormat, plainPacket, type RecordingRoom } from './recording-room.ts';

interface Happening {
  atMs: number;
  what: string;
  lengthMs: number;
}

const camera: PlainCamera = { framesPerSecond: 5, keyInterval: 10, frameBytes: 50 };

/**
 * Plays a morning at one camera (five pictures a second, a key picture every two seconds, from 08:00:00) and tells what was recorded:
 * `timeline(room, settings, '08:00:20 motion 5s', '08:01:00 end')` answers e.g. `['08:00:10 to 08:00:46 motion']`.
 * Knows `motion <length>`, `manual <length>`, `sensor <length>`, `stop` (both), `clock <length>` (steps forward), `off` (the mode) and `end`.
 */
export async function timeline(room: RecordingRoom, settings: Partial<RecordingSettings>, ...lines: string[]): Promise<string[]> {
  const recordings = await room.open();
  const recorder = recordings.recorder('front');
  let current = { ...defaultRecordingSettings, ...settings };
  recorder.configure(current, 'Front door');
  recorder.begin(plainFormat);
  const happenings = lines
    .map(read)
    .flatMap((one) => (one.what === 'motion' ? [one, { ...one, atMs: one.atMs + one.lengthMs, what: 'still' }] : [one]));
  const endMs = happenings.find((one) => one.what === 'end')?.atMs ?? 0;
  for (let index = 0; room.clock.boot() < endMs; index += 1) {
    const now = room.clock.boot();
    for (const { what, lengthMs } of happenings.filter((one) => one.atMs === now)) {
      if (what === 'motion') recorder.motionStarted({ startBootMs: now, boxes: [], score: 0.5 });
      if (what === 'still') recorder.motionEnded(now);
      if (what === 'manual') recorder.recordUntil(now + lengthMs, null);
      if (what === 'sensor') recorder.recordUntil(now + lengthMs, now);
      if (what === 'stop') recorder.stopManual();
      if (what === 'clock') room.stepWall(lengthMs);
      if (what === 'off') {
        current = { ...current, mode: 'off' };
        recorder.configure(current, 'Front door');
      }
    }
    recorder.packet(plainPacket(camera, index, now));
    await room.clock.advance(1000 / camera.framesPerSecond);
  }
  await recorder.close();
  const rows = await room.rows();
  return rows.map((row) => `${clockTime(row.startWallMs)} to ${clockTime(row.startWallMs + row.durationMs)} ${row.trigger}`);
}

function read(line: string): Happening {
  const [time = '', what = '', length = '0s'] = line.split(' ');
  const [hours = 0, minutes = 0, seconds = 0] = time.split(':').map(Number);
  const unitMs = length.endsWith('h') ? 3_600_000 : length.endsWith('m') ? 60_000 : 1_000;
  return { atMs: ((hours - 8) * 3_600 + minutes * 60 + seconds) * 1_000, what, lengthMs: Number.parseFloat(length) * unitMs };
}

function clockTime(wallMs: number): string {
  return new Date(wallMs).toISOString().slice(11, 19);
}
