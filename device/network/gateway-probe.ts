import { createSocket } from 'node:dgram';
import { readFile } from 'node:fs/promises';
import { isIPv4 } from 'node:net';
import type { Clock } from '#device/kernel/clock.ts';

const tries = 6;
const pauseMs = 500;
const discardPort = 9;
const entryComplete = 0x2;

/**
 * Whether the router of a network answers on the link: sending it anything makes the kernel ask for its hardware address, and no router
 * hides that. Needs neither a program nor rights, unlike a ping.
 */
export async function gatewayAnswers(gateway: string, networkInterface: string, clock: Clock): Promise<boolean> {
  if (!isIPv4(gateway)) return false;
  for (let attempt = 0; attempt < tries; attempt += 1) {
    await knock(gateway);
    await clock.sleep(pauseMs);
    if (isNeighbour(await readFile('/proc/net/arp', 'utf8').catch(() => ''), gateway, networkInterface)) return true;
  }
  return false;
}

/** Reads the kernel's table: `IP address, HW type, Flags, HW address, Mask, Device`. */
export function isNeighbour(table: string, address: string, networkInterface: string): boolean {
  return table.split('\n').some((line) => {
    const [ip, , flags, , , device] = line.trim().split(/\s+/);
    return ip === address && device === networkInterface && (Number(flags) & entryComplete) !== 0;
  });
}

function knock(address: string): Promise<void> {
  const socket = createSocket('udp4');
  return new Promise((resolve) => {
    const done = () => {
      socket.close();
      resolve();
    };
    // What cannot be sent shows in the table.
    socket.once('error', done);
    socket.send('', discardPort, address, done);
  });
}
