import { createSocket } from 'node:dgram';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Child } from '#device/kernel/child.ts';
import { systemClock } from '#device/kernel/clock.ts';
import { silentLogger } from '#device/kernel/logger.ts';
import { SimulatedClock } from '#device/testing/simulated-clock.ts';
import { CaptiveNames } from './captive-names.ts';

const own = '127.77.0.1';
const port = 5_399;
const query = Buffer.from(`123401000001000000000000${Buffer.from('\x07example\x03com\x00').toString('hex')}00010001`, 'hex');

/** dnsmasq and the kernel are real; the access point is an address of the loopback. */
describe('names beside the dnsmasq of the system', { timeout: 60_000 }, () => {
  let dnsmasq: Child;
  let clock: SimulatedClock;
  let stop: AbortController;
  let running: Promise<void>;
  let address: string | null;

  /** As NetworkManager starts it, but for the addresses that it lends and the port. */
  const startDnsmasq = () => {
    const usual = [
      '--no-hosts',
      '--keep-in-foreground',
      '--bind-interfaces',
      '--except-interface=lo',
      '--clear-on-reload',
      '--strict-order',
    ];
    const alone = ['--conf-file=/dev/null', '--no-resolv', '--pid-file', '--user=root', `--port=${port}`];
    return new Child('/usr/sbin/dnsmasq', [...usual, ...alone, `--listen-address=${own}`], { clock: systemClock });
  };

  beforeEach(() => {
    dnsmasq = startDnsmasq();
    stop = new AbortController();
    address = null;
    clock = new SimulatedClock();
    const names = new CaptiveNames({ clock, logger: silentLogger, address: () => address, port });
    running = names.run(stop.signal);
  });
  afterEach(async () => {
    stop.abort();
    await running;
    await dnsmasq.stop();
  });

  /** Who answers: `device` tells an address, `dnsmasq` refuses without a way out. */
  async function answerer(from = own): Promise<'device' | 'dnsmasq' | 'nobody'> {
    const socket = createSocket('udp4');
    try {
      socket.bind(0, from);
      const answered = new Promise<Buffer>((resolve) => socket.once('message', resolve));
      socket.send(query, port, own);
      const answer = await Promise.race([answered, pause(500, null)]);
      if (answer === null) return 'nobody';
      return answer.readUInt16BE(6) === 1 && answer.subarray(-4).equals(Buffer.from([127, 77, 0, 1])) ? 'device' : 'dnsmasq';
    } finally {
      socket.close();
    }
  }

  const until = (who: string) => expect.poll(() => answerer(), { timeout: 15_000, interval: 100 }).toBe(who);

  test('are ours while the access point is open, also after dnsmasq was started anew, and its own before and after', async () => {
    await until('dnsmasq');
    address = own;
    await clock.advance(1_000);
    await until('device');
    await dnsmasq.stop();
    dnsmasq = startDnsmasq();
    await until('dnsmasq');
    await clock.advance(6_000);
    await until('device');
    expect(await answerer('127.0.0.1')).toBe('nobody');
    address = null;
    await clock.advance(1_000);
    await until('dnsmasq');
  });
});
