import { systemClock } from '#device/kernel/clock.ts';
import { silentLogger } from '#device/kernel/logger.ts';
import { createAnnouncing } from '#device/network/announce.ts';

/** Announces until SIGTERM; prints one JSON line whenever what it knows of itself changes. Arguments: host name, service name, port. */
const [hostName = 'kerberos', name = 'Kerberos', port = '8080'] = process.argv.slice(2);
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());
const announcing = createAnnouncing({
  clock: systemClock,
  logger: silentLogger,
  hostName,
  service: { name, port: Number(port), txt: { path: '/', version: '1.2.3' } },
});
const running = announcing.run(stop.signal);
let printed = '';
while (!stop.signal.aborted) {
  const line = JSON.stringify({ localName: announcing.localName(), checks: announcing.checks() });
  if (line !== printed) process.stdout.write(`${line}\n`);
  printed = line;
  await systemClock.sleep(100, stop.signal).catch(() => {});
}
await running;
process.stdout.write(`${JSON.stringify({ stopped: true })}\n`);
