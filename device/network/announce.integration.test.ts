import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Peer } from '#device/contract/contract.ts';
import { createLan, endOf, type Lan, type LanHost } from '#device/testing/lan.ts';

const program = fileURLToPath(new URL('../testing/announce-program.ts', import.meta.url));
const root = process.getuid?.() === 0;

interface Report {
  localName?: string | null;
  checks?: { id: string; level: string }[];
  peers?: Peer[];
  stopped?: boolean;
}

/** The announcing program on a host, and everything it said of itself. */
class Announcer {
  readonly child: ChildProcess;
  readonly reports: Report[] = [];

  constructor(host: LanHost, hostName: string) {
    this.child = host.start(process.execPath, program, hostName, `Portal of ${hostName}`, '8080');
    let text = '';
    this.child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const lines = text.split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) if (line.startsWith('{')) this.reports.push(JSON.parse(line));
    });
  }

  get last(): Report {
    return this.reports.at(-1) ?? {};
  }
}

const patience = { timeout: 20_000, interval: 200 };
const addressOf = (host: LanHost, name: string) =>
  host.run('avahi-resolve', '-4', '-n', name).then(
    (line) => line.trim().split(/\s+/)[1] ?? null,
    () => null,
  );

describe.runIf(root)('two hosts on one network', () => {
  let lan: Lan;
  let first: LanHost;
  let second: LanHost;
  let announcer: Announcer;

  beforeAll(async () => {
    lan = await createLan(['10.77.0.1', '10.77.0.2']);
    [first, second] = lan.hosts;
    announcer = new Announcer(first, 'kerberos');
  }, 30_000);
  afterAll(async () => {
    await lan?.close();
  }, 30_000);

  const announced = (who: Announcer, name: string) =>
    expect.poll(() => who.last, patience).toMatchObject({ localName: name, checks: [{ level: 'ok' }, { level: 'ok' }] });

  test('the other one finds the name and both services', async () => {
    await announced(announcer, 'kerberos.local');
    await expect.poll(() => addressOf(second, 'kerberos.local'), patience).toBe('10.77.0.1');
    for (const type of ['_http._tcp', '_kerberos._tcp']) {
      const found = await second.run('avahi-browse', '-rtp', type);
      const line = found.split('\n').find((candidate) => candidate.startsWith('='));
      expect(line).toMatch(/Portal\\032of\\032kerberos/);
      expect(line).toMatch(/;10\.77\.0\.1;8080;/);
      expect(line).toMatch(/"version=1\.2\.3"/);
    }
  }, 60_000);

  test('a new address is announced under the same name', async () => {
    await first.setAddress('10.77.0.9');
    await expect.poll(() => addressOf(second, 'kerberos.local'), patience).toBe('10.77.0.9');
    await announced(announcer, 'kerberos.local');
  }, 60_000);

  test('all comes back when avahi is restarted, and is told to be missing meanwhile', async () => {
    await first.stopAvahi();
    await expect.poll(() => announcer.last, patience).toMatchObject({ localName: null, checks: [{ level: 'note' }, { level: 'note' }] });
    await first.startAvahi();
    await announced(announcer, 'kerberos.local');
    await expect.poll(() => addressOf(second, 'kerberos.local'), patience).toBe('10.77.0.9');
    expect(await second.run('avahi-browse', '-rtp', '_kerberos._tcp')).toMatch(/;10\.77\.0\.9;8080;/);
  }, 90_000);

  test('a second device of the same name takes the next one', async () => {
    const other = new Announcer(second, 'kerberos');
    await announced(other, 'kerberos-2.local');
    await expect.poll(() => addressOf(first, 'kerberos-2.local'), patience).toBe('10.77.0.2');
    expect(announcer.last.localName).toBe('kerberos.local');
    await endOf(other.child);
  }, 60_000);

  test('two devices find each other, and notice when one goes', async () => {
    const url = { first: 'http://10.77.0.9:8080', second: 'http://10.77.0.2:8080' };
    const other = new Announcer(second, 'barn');
    const barn = { name: 'Portal of barn', url: url.second, version: '1.2.3' };
    const kerberos = { name: 'Portal of kerberos', url: url.first, version: '1.2.3' };
    const found = (who: Announcer, peers: Peer[]) => expect.poll(() => who.last.peers, patience).toEqual(peers);
    await found(announcer, [
      { ...kerberos, own: true },
      { ...barn, own: false },
    ]);
    await found(other, [
      { ...barn, own: true },
      { ...kerberos, own: false },
    ]);
    await endOf(other.child);
    await found(announcer, [{ ...kerberos, own: true }]);
  }, 60_000);

  test('what stops withdraws its name', async () => {
    await endOf(announcer.child);
    expect(announcer.last).toEqual({ stopped: true });
    // A withdrawn record lives on for a second in the caches of others.
    await expect.poll(() => addressOf(second, 'kerberos.local'), patience).toBeNull();
  }, 30_000);
});
