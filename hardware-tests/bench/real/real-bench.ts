import { spawn } from 'node:child_process';
import type { Bench, Need, PowerOn, Said } from '../bench.ts';

interface RealOptions {
  /** Name or address of the board. */
  host: string;
  /** The port of the host's SSH: 22222 on balenaOS in development mode. */
  sshPort: number;
  owner: Bench['owner'];
  /** The pins are joined as the README says. */
  isWired: boolean;
}

/** By which line of the same board another is driven, or looked at: one wire each. */
const wiredTo: Readonly<Record<number, number>> = { 17: 22, 18: 23, 27: 24 };

const missing: Partial<Record<Need, string>> = {
  'fresh-volume': 'everything on the board would have to be erased: flash it anew and run the suite by hand',
  'broken-volume': 'nobody can make a real card read-only and whole again from here',
  'small-volume': 'a real card is as large as it is',
  'lost-clock': 'the network sets the clock before anybody could look: take its time servers away and do it by hand',
  watchdog: 'balenaOS holds the watchdog itself and gives it to nobody',
  'failing-volume': 'a card that was told to have failed keeps the mark of it',
  neighbour: 'no second host on the network of the board is known to this bench: look the name up on any computer by hand',
  radios: 'needs a router that can be switched off and a phone, both by hand: see the README',
  releases: 'needs a fleet of its own with a good and a bad release',
  'usb-disk':
    'the suite erases the disk, and starts the board once without it: by hand, with a disk that may be erased, as the README says',
  wires: 'no wire from one pin to another is known to this bench: see the wiring in the README, then say --wired',
};

/** A board with a released or pushed image, reached over SSH and HTTP. Wiring and preparation: see the README beside the suites. */
export class RealBench implements Bench {
  readonly name: string;
  readonly emulated: readonly string[] = [
    'power cut: the kernel is reset at once (sysrq b), without syncing; the card keeps its power. A switched plug is the real thing',
  ];
  readonly url: string;
  readonly address = 'this computer, as the board sees it';
  readonly owner: Bench['owner'];
  readonly #options: RealOptions;

  constructor(options: RealOptions) {
    this.#options = options;
    this.owner = options.owner;
    this.name = `real (${options.host})`;
    this.url = `http://${options.host}`;
  }

  lacks(need: Need): string | null {
    if (need === 'wires' && this.#options.isWired) return null;
    return missing[need] ?? null;
  }

  async powerOn({ data, mounted = 'writable' }: PowerOn): Promise<void> {
    if (data === 'fresh' || mounted !== 'writable') throw new Error('a real board keeps its card as it is');
  }

  async cutPower(): Promise<void> {
    // The answer never comes: the machine is gone before it could be given.
    await Promise.race([this.onMachine('echo b >/proc/sysrq-trigger'), new Promise((resolve) => setTimeout(resolve, 5_000).unref())]);
  }

  run(program: string, ...args: string[]): Promise<Said> {
    const command = [program, ...args].map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
    return this.onMachine(`balena-engine exec "$(balena-engine ps --quiet --filter name=kerberos | head -n 1)" ${command}`);
  }

  async plugCamera(plugged: boolean): Promise<void> {
    // What the port is told is what it does when a plug goes: the bus loses the device and finds it again.
    const port = '$(dirname "$(ls -d /sys/bus/usb/devices/*:1.0/video4linux 2>/dev/null | head -n 1)")';
    const line = plugged
      ? 'echo 1 >"$(cat /run/bench-port)/authorized"'
      : `dirname "$(realpath "${port}")" >/run/bench-port; echo 0 >"$(cat /run/bench-port)/authorized"`;
    await this.#do('the camera', line);
  }

  async plugDisk(): Promise<void> {
    throw new Error(missing['usb-disk']);
  }

  driveWire(line: number, high: boolean): Promise<void> {
    return this.#do(`the wire of line ${line}`, `${pinOf(wiredTo[line])}; echo ${high ? 'high' : 'low'} >"$pin/direction"`);
  }

  async isWireHigh(line: number): Promise<boolean> {
    return (await this.onMachine(`${pinOf(wiredTo[line])}; echo in >"$pin/direction"; cat "$pin/value"`)).output.trim() === '1';
  }

  async onOther(): Promise<Said> {
    throw new Error(missing.neighbour);
  }

  async houseWifi(): Promise<void> {
    throw new Error(missing.radios);
  }

  async phoneJoins(): Promise<void> {
    throw new Error(missing.radios);
  }

  async starts(): Promise<number> {
    throw new Error(missing.watchdog);
  }

  async failVolume(): Promise<void> {
    throw new Error(missing['failing-volume']);
  }

  async install(): Promise<void> {
    throw new Error(missing.releases);
  }

  async mendVolume(): Promise<void> {
    throw new Error(missing['broken-volume']);
  }

  async #do(what: string, line: string): Promise<void> {
    const { status, output } = await this.onMachine(line);
    if (status !== 0) throw new Error(`${what}: ${output.trim()}`);
  }

  console(): string {
    return 'The console of a real board is its serial port: see the wiring.';
  }

  async close(): Promise<void> {}

  onMachine(line: string): Promise<Said> {
    const { promise, resolve } = Promise.withResolvers<Said>();
    const target = ['-p', String(this.#options.sshPort), '-o', 'BatchMode=yes', '-o', 'ConnectTimeout=10', `root@${this.#options.host}`];
    const child = spawn('ssh', [...target, line], { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    child.on('error', (error) => resolve({ status: 127, output: error.message }));
    child.on('close', (status) => resolve({ status: status ?? 255, output }));
    return promise;
  }
}

/** Shell that finds a line in /sys/class/gpio by the label of its chip and leaves the place in `$pin`. */
function pinOf(line: number | undefined): string {
  const base =
    'base=$(for c in /sys/class/gpio/gpiochip*; do grep -qE "^pinctrl-(bcm2835|bcm2711|rp1)$" "$c/label" && cat "$c/base"; done | head -n 1)';
  const pin = `number=$((base + ${line})); pin=/sys/class/gpio/gpio$number`;
  return `${base}; ${pin}; [ -e "$pin" ] || echo "$number" >/sys/class/gpio/export`;
}
