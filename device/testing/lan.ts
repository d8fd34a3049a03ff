import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** One host of a {@link Lan}: its own network, its own `/run` with a system bus and an avahi daemon. */
export interface LanHost {
  /** Runs a program on this host and answers what it printed; rejects when it fails or takes longer than ten seconds. */
  run(...command: string[]): Promise<string>;
  /** Starts a program on this host; it ends with the network at the latest. */
  start(...command: string[]): ChildProcess;
  setAddress(address: string): Promise<void>;
  stopAvahi(): Promise<void>;
  startAvahi(): Promise<void>;
}

export interface Lan {
  hosts: readonly [LanHost, LanHost];
  close(): Promise<void>;
}

/** Two hosts on one cable, in namespaces of their own: nothing outside is touched. Needs root, iproute2, dbus and avahi. */
export async function createLan(addresses: readonly [string, string]): Promise<Lan> {
  const folder = await mkdtemp(join(tmpdir(), 'lan-'));
  const names = [`lan-a-${process.pid}`, `lan-b-${process.pid}`] as const;
  const cleanups: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  const close = async () => {
    for (const cleanup of cleanups.reverse()) await cleanup().catch(() => {});
  };
  try {
    for (const name of names) {
      await run('ip', ['netns', 'add', name]);
      cleanups.push(() => run('ip', ['netns', 'del', name]));
    }
    await run('ip', ['-n', names[0], 'link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', names[1]]);
    const first = await createHost(names[0], addresses[0], folder, cleanups);
    const second = await createHost(names[1], addresses[1], folder, cleanups);
    return { hosts: [first, second], close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function createHost(name: string, address: string, folder: string, cleanups: (() => Promise<unknown>)[]): Promise<LanHost> {
  const setAddress = async (next: string) => {
    await run('ip', ['-n', name, '-4', 'addr', 'flush', 'dev', 'eth0']);
    await run('ip', ['-n', name, 'addr', 'add', `${next}/24`, 'brd', '+', 'dev', 'eth0']);
  };
  for (const link of ['lo', 'eth0']) await run('ip', ['-n', name, 'link', 'set', link, 'up']);
  await setAddress(address);
  const config = join(folder, `${name}.conf`);
  await writeFile(
    config,
    `[server]\nhost-name=${name}\nuse-ipv4=yes\nuse-ipv6=no\nallow-interfaces=eth0\n[publish]\npublish-workstation=no\n[rlimits]\n`,
  );

  const prepare = 'mount -t tmpfs tmpfs /run && mkdir -p /run/dbus /run/avahi-daemon && echo ready && exec sleep infinity';
  const holder = spawn('ip', ['netns', 'exec', name, 'unshare', '-m', '--propagation', 'private', 'sh', '-c', prepare], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ending: (() => Promise<unknown>)[] = [];
  cleanups.push(async () => {
    for (const end of ending.reverse()) await end().catch(() => {});
    holder.kill('SIGKILL');
  });
  for await (const line of createInterface(holder.stdout)) if (line === 'ready') break;

  const inside = (command: string[]) => ['-t', String(holder.pid), '-m', '-n', ...command];
  const start = (...command: string[]) => {
    const child = spawn('nsenter', inside(command), { stdio: ['ignore', 'pipe', 'ignore'] });
    ending.push(() => endOf(child));
    return child;
  };
  const host: LanHost = {
    run: async (...command) => (await run('nsenter', inside(command), { timeout: 10_000 })).stdout,
    start,
    setAddress,
    stopAvahi: async () => {
      await host.run('avahi-daemon', '--kill');
    },
    startAvahi: async () => {
      await host.run('avahi-daemon', '-D', '-f', config, '--no-drop-root', '--no-chroot');
    },
  };
  start('dbus-daemon', '--system', '--nofork', '--nopidfile');
  for (let tries = 0; tries < 100; tries += 1) {
    const isThere = await host.run('test', '-S', '/run/dbus/system_bus_socket').then(
      () => true,
      () => false,
    );
    if (isThere) break;
  }
  await host.startAvahi();
  ending.push(() => host.stopAvahi());
  return host;
}

/** Asks a program to end and waits until it has. */
export async function endOf(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
