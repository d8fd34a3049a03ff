import type { ClockTrust, WeeklySchedule } from '#device/contract/contract.ts';
import type { Clock } from '#device/kernel/clock.ts';
import { type ScheduleCheck, scheduleIn } from './schedule.ts';

/** What this room needs of the device's time. */
export interface TimePort {
  readonly bootId: string;
  wallOf(bootMs: number): number;
  trust(): ClockTrust;
  /** Hears steps of the wall clock and changes of trust, after `wallOf` follows them. Returns the way to stop. */
  onStep(listener: (step: { newOffsetMs: number; trust: ClockTrust }) => void): () => void;
}

export interface RecorderTime extends Omit<TimePort, 'onStep'> {
  bootMs(): number;
  isInSchedule(schedule: WeeklySchedule | null, bootMs: number): boolean;
}

const minuteMs = 60_000;
const unknownZone: ScheduleCheck = scheduleIn('UTC');

/** `timeZone` is asked each minute: changing it needs no restart. A name that is no time zone counts as UTC. */
export function recorderTime(port: TimePort, clock: Clock, timeZone: () => string): RecorderTime {
  let zone = 'UTC';
  let check = unknownZone;
  // Asked for each picture; the answer can change once a minute.
  const answers = new WeakMap<WeeklySchedule, { minute: number; zone: string; isIn: boolean }>();
  const checkIn = (name: string): ScheduleCheck => {
    if (name === zone) return check;
    zone = name;
    try {
      check = scheduleIn(name);
    } catch {
      check = unknownZone;
    }
    return check;
  };
  return {
    bootId: port.bootId,
    wallOf: (bootMs) => port.wallOf(bootMs),
    trust: () => port.trust(),
    bootMs: () => clock.boot(),
    isInSchedule: (schedule, bootMs) => {
      if (schedule === null) return true;
      const wallMs = port.wallOf(bootMs);
      const minute = Math.floor(wallMs / minuteMs);
      const name = timeZone();
      const known = answers.get(schedule);
      if (known?.minute === minute && known.zone === name) return known.isIn;
      const isIn = checkIn(name)(schedule, wallMs);
      answers.set(schedule, { minute, zone: name, isIn });
      return isIn;
    },
  };
}
