import { systemClock } from '#device/kernel/clock.ts';
import { silentLogger } from '#device/kernel/logger.ts';
import { askPeer, createAnnouncing } from '#device/network/announce.ts';
import { browsePeers, Peers } from '#device/network/peers.ts';

/** Announces until SIGTERM; prints one JSON line whenever what it knows of itself changes. Arguments: host name, service name, port. */
const [hostName = 'kerberos', name = 'Kerberos', port = '8080'] = process.argv.slice(2);
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());
const announcing = createAnnouncing({
  clock: systemClock,
  logger: silentLogger,
  hostName,
  service: { name, port: Number(port), txt: { path: '/', version: '1.2.3', id: name } },
});
const peers = new Peers({
  clock: systemClock,
  logger: silentLogger,
  deviceId: name,
  browse: browsePeers,
  ask: (name) => askPeer(name, systemClock),
});
const running = Promise.all([announcing.run(stop.signal), peers.run(stop.signal)]);
let printed = '';
while (!stop.signal.aborted) {
  const line = JSON.stringify({ localName: announcing.localName(), checks: announcing.checks(), peers: peers.list() });
  if (line !== printed) process.stdout.write(`${line}\n`);
  printed = line;
  await systemClock.sleep(100, stop.signal).catch(() => {});
}
await running;
process.stdout.write(`${JSON.stringify({ stopped: true })}\n`);
