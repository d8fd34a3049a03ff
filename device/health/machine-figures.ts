import { readdir, readFile } from 'node:fs/promises';
import { cpus } from 'node:os';

/** Read from the kernel's own files: asking programs would start several processes every few seconds for as long as the device runs. */

interface Spent {
  busyMs: number;
  allMs: number;
}

function spent(): Spent {
  const times = cpus().map((core) => core.times);
  const idleMs = times.reduce((sum, core) => sum + core.idle, 0);
  const allMs = times.reduce((sum, { user, nice, sys, idle, irq }) => sum + user + nice + sys + idle + irq, 0);
  return { busyMs: allMs - idleMs, allMs };
}

/** Answers how busy all cores together were since it was asked last, 0 to 100; the first time since the machine was started. */
export function createLoadMeter(): () => number {
  let last: Spent = { busyMs: 0, allMs: 0 };
  return () => {
    const now = spent();
    const share = (now.busyMs - last.busyMs) / Math.max(1, now.allMs - last.allMs);
    last = now;
    return Math.min(100, Math.max(0, share * 100));
  };
}

const zoneFolder = '/sys/class/thermal';
/** What a sensor says that is broken or absent. */
const credible = { lowest: -40, highest: 150 };

/** Of the hottest zone that the kernel knows; null without any. */
export async function temperatureCelsius(folder = zoneFolder): Promise<number | null> {
  const names = await readdir(folder).catch(() => []);
  const zones = names.filter((name) => name.startsWith('thermal_zone'));
  const texts = await Promise.all(zones.map((name) => readFile(`${folder}/${name}/temp`, 'latin1').catch(() => '')));
  const found = texts.filter((text) => /^-?\d+\s*$/.test(text)).map((text) => Number(text) / 1000);
  const believed = found.filter((celsius) => celsius > credible.lowest && celsius < credible.highest);
  return believed.length === 0 ? null : Math.max(...believed);
}
