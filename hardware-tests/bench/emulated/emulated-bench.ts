import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench, KnownWifi, Need, OtherHost, PowerOn, Said, TestRelease } from '../bench.ts';
import { type Board, ownBoard } from './board.ts';
import { type Box, makeDisk, programFolders } from './box.ts';
import { addBuiltDrivers, builtDrivers } from './built-drivers.ts';
import { containerStart, quoted } from './container-start.ts';
import { firstPrograms, startFiles } from './first-programs.ts';
import { hostTree, surroundingDrivers } from './host-tree.ts';
import { debianKernel, type Kernel } from './kernel.ts';
import { benchAddress, freePort, Machine, type MachineOptions } from './machine.ts';
import { piCameraFolder } from './pi-camera-programs.ts';

interface EmulatedOptions {
  board: Board;
  /** What is kept from one time to the next: kernel, drivers. */
  keptFolder: string;
  box: Box;
  /** Whether to build the drivers that Debian's kernel comes without: pins and lights. */
  buildsDrivers: boolean;
  memoryMegabytes?: number;
  /** Stand-ins for the programs of a Pi camera, as files for {@link piCameraFolder}. */
  piCamera(): Promise<Readonly<Record<string, string>>>;
  /** Files that the container finds in /bench. */
  files?: Readonly<Record<string, string>>;
}

/** Shell that tells the number of the first process of the container. */
const firstProcess = 'tr -d " " </proc/$(pidof unshare)/task/$(pidof unshare)/children';

const defaultDataMegabytes = 4_096;

/** For a file system that is a folder of this machine: read from it, changed in memory. */
const folderDrivers = ['9pnet_virtio', '9p', 'overlay'];

const emulated = [
  'operating system: Debian’s kernel and forty lines of shell in place of balenaOS and its container engine',
  'card: a file with ext4 in place of an SD card; what was handed to it survives a cut',
  'network: QEMU’s own in place of Ethernet or Wi-Fi',
  'host services: Debian’s NetworkManager, wpa_supplicant and avahi in place of balenaOS’s',
  'other hosts: networks of their own in the same kernel; radios: the kernel’s mac80211_hwsim, which loses nothing and knows no distance',
  'USB camera: the kernel’s vivid, which has raw formats only; unbinding its driver in place of pulling a plug',
  'disk on USB: QEMU’s usb-storage on a port of its own, taken from it and given back; what it was handed before it went is on it',
  'Pi camera: a stand-in for rpicam-vid, rpicam-hello and rpicam-still that is as strict with options and gives real H.264 of a test picture',
  'pins and light: the kernel’s gpio-sim in the name of a Pi 4, and uleds, both built out of Debian’s source',
  'watchdog: QEMU’s i6300esb, which bites after 30 s, in place of a Pi’s, which does after 15 s',
  'balenaOS’s supervisor and balena’s API: small servers of ours that answer the same requests; another release is the same with another number',
];

/** What stands in for hardware, a camera, and what light and watchdog need; and what a disk on USB does. */
const debianDrivers = ['vivid n_devs=1 node_types=0x1', 'ledtrig-heartbeat', 'i6300esb', 'xhci_pci', 'usb_storage', 'sd_mod'];

/** Room for some minutes of recordings and for what the device leaves free. */
const usbDiskMegabytes = 1_024;

/** The image itself on a computer that is a program: Debian's kernel, the container's own file system, virtual disks and network. */
export class EmulatedBench implements Bench {
  readonly name: string;
  readonly emulated: readonly string[];
  readonly url: string;
  readonly owner = { username: 'bench', password: 'a bench under a tree' };
  readonly address = benchAddress;
  readonly #parts: Parts;
  readonly #options: EmulatedOptions;
  #machine: Machine | null = null;
  #powerOns = 0;
  #environment: Readonly<Record<string, string>> = {};

  private constructor(parts: Parts, options: EmulatedOptions) {
    this.#parts = parts;
    this.#options = options;
    this.url = `http://127.0.0.1:${parts.port}`;
    this.name = `emulated (${options.board.description})`;
    this.emulated = [`board: ${options.board.description} in place of a Raspberry Pi`, ...options.box.emulated, ...emulated];
  }

  /** Takes Debian's kernel from its packages. */
  static async open(options: EmulatedOptions): Promise<EmulatedBench> {
    const { board, keptFolder, box, buildsDrivers } = options;
    mkdirSync(keptFolder, { recursive: true });
    const kernel = await debianKernel(join(keptFolder, `kernel-${board.architecture}`), board.architecture);
    const lacksBuilt = buildsDrivers
      ? await lackOfBuiltDrivers(join(keptFolder, 'drivers'), kernel, board)
      : 'simulated pins and lights were not asked for';
    const drivers = [...debianDrivers, ...('folder' in box.root ? folderDrivers : []), ...(lacksBuilt === null ? builtDrivers : [])];
    const first = await firstPrograms(kernel, drivers, surroundingDrivers);
    const folder = mkdtempSync(join(tmpdir(), 'bench-'));
    return new EmulatedBench({ kernel: kernel.image, first, lacksBuilt, port: await freePort(), folder }, options);
  }

  lacks(need: Need): string | null {
    if (need === 'wires' || need === 'lights') return this.#parts.lacksBuilt;
    const isForeign = this.#options.board !== ownBoard;
    return isForeign && (need === 'neighbour' || need === 'radios')
      ? 'surroundings are made for the architecture of the bench alone'
      : null;
  }

  async powerOn(how: PowerOn): Promise<void> {
    const { folder, first, kernel, port } = this.#parts;
    const { board, box, keptFolder, memoryMegabytes = 1_024, files = {}, piCamera } = this.#options;
    const dataDisk = join(folder, 'data.ext4');
    const hasSurroundings = how.surroundings !== undefined;
    if (how.data === 'fresh') await makeDisk(dataDisk, { megabytes: how.dataMegabytes ?? defaultDataMegabytes });
    this.#powerOns += 1;
    this.#environment = { BALENA: '1', ...(how.hasPiCamera ? { PATH: `${piCameraFolder}:${this.#path}` } : {}), ...how.environment };
    const initrd = join(folder, 'first-programs.gz');
    const starting = await startFiles({
      'container.sh': containerStart(box, this.#environment, how.release),
      mounted: `${how.mounted ?? 'writable'}\n`,
      ...(how.hasPiCamera ? await piCamera() : {}),
      root: `${'disk' in box.root ? 'disk' : 'folder'}\n`,
      ...Object.fromEntries(
        Object.entries(hasSurroundings ? { ...files, ...surroundingFiles } : files).map(([name, copyOf]) => [name, { copyOf }]),
      ),
    });
    writeFileSync(initrd, Buffer.concat([first, starting]));
    const consoleFile = join(keptFolder, 'console.log');
    writeFileSync(consoleFile, '');
    this.#machine = new Machine({
      board,
      kernel,
      firstPrograms: initrd,
      boxRoot: box.root,
      dataDisk,
      ...(hasSurroundings ? { hostDisk: await hostTree(keptFolder) } : {}),
      ...this.#usbDisk(how),
      portalPort: port,
      reachablePorts: how.reachablePorts ?? [],
      ...(how.clock === 'lost' ? { clock: '1970-01-01T00:00:00' } : {}),
      talkSocket: join(folder, `talk-${this.#powerOns}`),
      consoleFile,
      memoryMegabytes,
    });
  }

  #usbDisk({ data, usbDisk }: PowerOn): Pick<MachineOptions, 'usbDisk'> {
    const { folder } = this.#parts;
    const file = join(folder, 'usb-disk');
    if (data === 'fresh') {
      rmSync(file, { force: true });
      writeFileSync(file, '');
      truncateSync(file, usbDiskMegabytes * 1_048_576);
    }
    const monitorSocket = join(folder, `monitor-${this.#powerOns}`);
    return usbDisk === undefined ? {} : { usbDisk: { file, isPlugged: usbDisk === 'plugged in', monitorSocket } };
  }

  async cutPower(): Promise<void> {
    await this.#machine?.cutPower();
    this.#machine = null;
  }

  run(program: string, ...args: string[]): Promise<Said> {
    const command = [program, ...args].map(quoted).join(' ');
    return this.onMachine(`nsenter -t "$(${firstProcess})" -m -p chroot /box /usr/bin/env ${quoted(`PATH=${this.#path}`)} ${command}`);
  }

  get #path(): string {
    return this.#options.box.environment['PATH'] ?? programFolders;
  }

  onMachine(line: string): Promise<Said> {
    if (!this.#machine) throw new Error('the machine has no power');
    return this.#machine.ask(line);
  }

  onOther(host: OtherHost, line: string): Promise<Said> {
    return this.onMachine(`sh /bench/host.sh on_other ${host} ${quoted(line)}`);
  }

  houseWifi(wifi: KnownWifi | null): Promise<void> {
    return this.#do('the Wi-Fi of the house', wifi ? `sh /bench/host.sh house_on ${wordsOf(wifi)}` : 'sh /bench/host.sh house_off; true');
  }

  phoneJoins(wifi: KnownWifi): Promise<void> {
    return this.#do('the phone', `sh /bench/host.sh phone_joins ${wordsOf(wifi)}`);
  }

  plugCamera(plugged: boolean): Promise<void> {
    return this.#do('the camera', `echo vivid.0 >/sys/bus/platform/drivers/vivid/${plugged ? 'bind' : 'unbind'}`);
  }

  async plugDisk(plugged: boolean): Promise<void> {
    if (!this.#machine) throw new Error('the machine has no power');
    await this.#machine.plugDisk(plugged);
  }

  driveWire(line: number, high: boolean): Promise<void> {
    return this.#do(`the wire of line ${line}`, `place=$(echo ${wire(line)}); echo ${high ? 'pull-up' : 'pull-down'} >"$place/pull"`);
  }

  async isWireHigh(line: number): Promise<boolean> {
    return (await this.onMachine(`cat ${wire(line)}/value`)).output.trim() === '1';
  }

  failVolume(): Promise<void> {
    return this.#do('the error of the card', 'echo 1 >/sys/fs/ext4/vda/trigger_fs_error');
  }

  install(release: TestRelease): Promise<void> {
    const lines = containerStart(this.#options.box, this.#environment, release);
    // What a container is told to end with, and what it gets when it does not.
    const end = `pid=$(${firstProcess}); kill -TERM "$pid"; for n in $(seq 150); do kill -0 "$pid" 2>/dev/null || break; usleep 100000; done`;
    return this.#do(
      'another release',
      `printf %s ${quoted(lines)} >/box/bench/container.new; chmod +x /box/bench/container.new; mv /box/bench/container.new /box/bench/container.sh; ${end}; kill -KILL "$pid" 2>/dev/null; true`,
    );
  }

  async starts(): Promise<number> {
    return this.#machine?.starts() ?? 0;
  }

  async mendVolume(): Promise<void> {
    // The next container gets what is outside of this one, and this one has a view of its own.
    await this.#do('the volume', 'mount -o remount,rw /box/data');
    const inside = await this.run('mount', '-o', 'remount,rw', '/data');
    if (inside.status !== 0) throw new Error(`the volume cannot be mended: ${inside.output}`);
  }

  async #do(what: string, line: string): Promise<void> {
    const { status, output } = await this.onMachine(line);
    if (status !== 0) throw new Error(`${what}: ${output.trim()}`);
  }

  console(): string {
    return this.#machine?.console() ?? '';
  }

  async close(): Promise<void> {
    await this.cutPower();
    rmSync(this.#parts.folder, { recursive: true, force: true });
  }
}

async function lackOfBuiltDrivers(folder: string, kernel: Kernel, board: Board): Promise<string | null> {
  if (board !== ownBoard) return 'simulated pins and lights are built for the architecture of the bench alone';
  return addBuiltDrivers(folder, kernel);
}

interface Parts {
  kernel: string;
  first: Buffer;
  lacksBuilt: string | null;
  port: number;
  folder: string;
}

/** Given to a start with surroundings alone. */
const surroundingFiles = { 'host.sh': join(import.meta.dirname, 'host.sh') };

function wordsOf({ ssid, passphrase }: KnownWifi): string {
  return `${quoted(ssid)} ${quoted(passphrase)}`;
}

/** Where gpio-sim shows what hangs on a line. */
function wire(line: number): string {
  return `/sys/devices/platform/gpio-sim.0/gpiochip*/sim_gpio${line}`;
}
