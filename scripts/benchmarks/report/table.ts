import type { Results } from './results.ts';
import type { Row } from './rows.ts';

/** Markdown that can be quoted as it is. */
export function table(results: Results, rows: readonly Row[]): string {
  const { machine } = results;
  const verdict = ({ met }: Row) => (met === null ? '' : met ? 'met' : '**missed**');
  const lines = rows.map((row) => `| ${[row.what, row.here, row.motion, row.ratio, row.goal, verdict(row)].join(' | ')} |`);
  const load = `${machine.loadBefore.oneMinute.toFixed(1)} before`;
  const loads = (results.cpu ?? []).map((figure) => figure.loadAverage);
  const during = loads.length === 0 ? '' : `, ${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)} during`;
  const versions = Object.entries(machine.versions).map(([name, version]) => `${name} ${version.replace(/^v/, '')}`);
  const missed = rows.filter((row) => row.met === false).length;
  const judged = rows.filter((row) => row.met !== null).length;
  return [
    `Measured ${machine.date.slice(0, 10)} on ${machine.processor}, ${machine.cores} cores, ${machine.architecture}; load average ${load}${during}; ${versions.join(', ')}; ` +
      `${results.seconds} s a processor figure. **${missed} of ${judged} goals missed.** Nothing was measured on a Raspberry Pi.`,
    '',
    '| what | Kerberos Edge | motion | of motion | goal | |',
    '|---|---|---|---|---|---|',
    ...lines,
    '',
    'Cameras: 1080p H.264, 20 frames a second, about 2.2 Mbit/s, a key picture every 2 s, RTSP over TCP in real time; sub-stream 640×360, 10 frames a second. ' +
      'Idle: a still place with sensor noise; busy: something crosses during 13 % of the time. Kerberos Edge records all the time; motion has ' +
      "Debian's settings with pass-through and `event_gap 3` and writes only what it takes for motion. Processor time is that of all processes together." +
      (machine.scratchIsInMemory ? ' The folder of the recordings was in memory: the written bytes mean nothing.' : ''),
    '',
  ].join('\n');
}
