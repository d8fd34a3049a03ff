import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { connect as connectSocket, createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Said } from '../bench.ts';
import type { Board } from './board.ts';
import { tellMonitor } from './monitor.ts';

export interface MachineOptions {
  board: Board;
  kernel: string;
  firstPrograms: string;
  /** A disk with the container's file system, or a folder; it stays as it is. */
  boxRoot: { disk: string } | { folder: string };
  dataDisk: string;
  /** A disk with the programs of what is around the device; it stays as it is. */
  hostDisk?: string;
  /** A stick for a port on USB; absent: the machine has no such port. */
  usbDisk?: UsbDisk;
  portalPort: number;
  /** Ports of this machine that the emulated one reaches, at {@link benchAddress}. */
  reachablePorts: readonly number[];
  /** What its clock says at the start, in UTC; absent: the time that it is. */
  clock?: string;
  /** A socket to talk to the machine's first process through. */
  talkSocket: string;
  memoryMegabytes: number;
  /** Where all that is said on the console is kept, for who looks while it runs. */
  consoleFile: string;
}

interface UsbDisk {
  /** What it holds. */
  file: string;
  isPlugged: boolean;
  /** A socket to plug and unplug it through. */
  monitorSocket: string;
}

/** Where the emulated machine finds what this one offers it. */
export const benchAddress = '10.0.2.100';

const greeting = 'somebody-is-here';
/** Said by init.sh. */
const upLine = 'bench: up ';
const greetingMs = 500;
const mostGreetings = 120;
const usbDiskId = 'stick';
/** What stands behind the stick is a thing of its own, which stays when the stick goes. */
const usbDisk = {
  driver: 'usb-storage',
  id: usbDiskId,
  bus: 'usb.0',
  port: '1',
  drive: 'stick-content',
  removable: true,
  serial: 'BENCH0001',
} as const;

/** A computer in a process: a board by translation, disks and network by virtio. Its network reaches nothing but the port given here. */
export class Machine {
  readonly #process: ChildProcess;
  readonly #talkSocket: string;
  readonly #monitorSocket: string | undefined;
  readonly #exited: Promise<void>;
  #console = '';
  /** Good for one start of the machine: the next knows nothing of it. */
  #talk: { socket: Socket; starts: number } | null = null;
  #questions = 0;

  constructor(options: MachineOptions) {
    this.#talkSocket = options.talkSocket;
    this.#monitorSocket = options.usbDisk?.monitorSocket;
    this.#process = spawn(options.board.emulator, argumentsOf(options), { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#exited = new Promise((resolve) => this.#process.once('close', () => resolve()));
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#console += text;
        appendFileSync(options.consoleFile, text);
      });
    }
    this.#process.on('error', (error) => {
      this.#console += `\nqemu does not run: ${error.message}\n`;
    });
  }

  console(): string {
    return this.#console;
  }

  /** Nothing that the machine had not handed to its disk survives. */
  async cutPower(): Promise<void> {
    this.#talk?.socket.destroy();
    this.#process.kill('SIGKILL');
    await this.#exited;
  }

  /** How often it was started, by its own clockwork as well. */
  starts(): number {
    return this.#console.split(upLine).length - 1;
  }

  /** At once, whatever is being written to it. */
  async plugDisk(plugged: boolean): Promise<void> {
    if (this.#monitorSocket === undefined) throw new Error('the machine was started without a port for a disk');
    if (plugged) await tellMonitor(this.#monitorSocket, 'device_add', usbDisk);
    else await tellMonitor(this.#monitorSocket, 'device_del', { id: usbDiskId });
  }

  /** Runs one line of shell in the machine's first process. */
  async ask(line: string, withinMs = 300_000): Promise<Said> {
    const starts = this.starts();
    if (this.#talk?.starts !== starts) {
      this.#talk?.socket.destroy();
      this.#talk = { socket: await this.#connect(), starts };
    }
    const talk = this.#talk.socket;
    this.#questions += 1;
    const mark = `answer-${this.#questions}-ends`;
    const { promise, resolve, reject } = Promise.withResolvers<Said>();
    let heard = '';
    const hear = (text: string) => {
      heard += text;
      const end = new RegExp(`${mark} (\\d+)\\n`).exec(heard);
      if (end) resolve({ status: Number(end[1]), output: heard.slice(0, end.index).replaceAll(`${greeting}\n`, '') });
    };
    const late = new AbortController();
    talk.on('data', hear);
    talk.write(`( ${line} ) </dev/null 2>&1; echo "${mark} $?"\n`);
    pause(withinMs, undefined, { signal: late.signal }).then(
      () => reject(new Error(`no answer within ${withinMs / 1000} s to: ${line}`)),
      () => {},
    );
    try {
      return await promise;
    } finally {
      late.abort();
      talk.off('data', hear);
    }
  }

  /** It takes the machine a moment to make the socket. */
  async #open(): Promise<Socket> {
    for (let tries = 1; ; tries += 1) {
      const socket = connectSocket(this.#talkSocket);
      socket.setEncoding('utf8').on('error', () => {});
      const isOpen = await new Promise<boolean>((resolve) =>
        socket.once('connect', () => resolve(true)).once('close', () => resolve(false)),
      );
      if (isOpen) return socket;
      if (tries === mostGreetings) throw new Error('the machine has no socket to talk through');
      await pause(greetingMs);
    }
  }

  async #connect(): Promise<Socket> {
    const socket = await this.#open();
    // The other side looks whether somebody is here by opening and closing: what comes in between is lost, so it is asked until it answers.
    let isHeard = false;
    socket.on('data', (text: string) => {
      isHeard ||= text.includes(greeting);
    });
    for (let tries = 0; !isHeard && tries < mostGreetings; tries += 1) {
      socket.write(`echo ${greeting}\n`);
      await pause(greetingMs);
    }
    if (!isHeard) throw new Error('the first process of the machine does not answer');
    return socket;
  }
}

function argumentsOf(options: MachineOptions): string[] {
  const { board, clock, reachablePorts, hostDisk } = options;
  const ways = reachablePorts.map((port) => `,guestfwd=tcp:${benchAddress}:${port}-cmd:/bin/busybox nc 127.0.0.1 ${port}`).join('');
  return [
    ...[...board.machine, '-m', String(options.memoryMegabytes), '-nodefaults', '-display', 'none', '-serial', 'stdio'],
    ...['-kernel', options.kernel, '-initrd', options.firstPrograms, '-append', `console=${board.serial} quiet panic=-1 net.ifnames=0`],
    ...(clock === undefined ? [] : ['-rtc', `base=${clock}`]),
    ...['-drive', `if=virtio,format=raw,file=${options.dataDisk}`],
    ...rootArguments(options.boxRoot),
    ...(hostDisk === undefined ? [] : ['-drive', `if=virtio,format=raw,file=${hostDisk},snapshot=on`]),
    ...['-device', 'i6300esb'],
    ...[
      '-netdev',
      `user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:${options.portalPort}-:80${ways}`,
      '-device',
      'virtio-net-pci,netdev=net,romfile=',
    ],
    ...['-chardev', `socket,id=talk,path=${options.talkSocket},server=on,wait=off`],
    ...['-device', 'virtio-serial-pci', '-device', 'virtserialport,chardev=talk,name=talk'],
    ...(options.usbDisk === undefined ? [] : usbArguments(options.usbDisk)),
  ];
}

function usbArguments({ file, isPlugged, monitorSocket }: UsbDisk): string[] {
  const content = { driver: 'raw', 'node-name': usbDisk.drive, file: { driver: 'file', filename: file } };
  return [
    ...['-qmp', `unix:${monitorSocket},server=on,wait=off`],
    ...['-device', 'qemu-xhci,id=usb', '-blockdev', JSON.stringify(content)],
    ...(isPlugged ? ['-device', JSON.stringify(usbDisk)] : []),
  ];
}

function rootArguments(root: MachineOptions['boxRoot']): string[] {
  if ('disk' in root) return ['-drive', `if=virtio,format=raw,file=${root.disk},snapshot=on`];
  return ['-virtfs', `local,path=${root.folder},mount_tag=box,security_model=none,readonly=on,multidevs=remap`];
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('there is no free port');
  return address.port;
}
