/** What a program beside the device said. */
export interface Said {
  status: number;
  output: string;
}

export interface PowerOn {
  /** A volume that was never used, or the one of the time before. */
  data: 'fresh' | 'kept';
  /** How large a fresh volume is. */
  dataMegabytes?: number;
  /** How the volume is given to the device. */
  mounted?: 'writable' | 'read-only' | 'not at all';
  /** Further variables of the container. */
  environment?: Readonly<Record<string, string>>;
  /** What the clock of the machine says; absent: the time that it is. `lost`: 1970, as of a board without a battery. */
  clock?: 'lost';
  /** Ports of this computer that the device is to reach, at {@link Bench.address}. */
  reachablePorts?: readonly number[];
  /** A camera hangs on the board's own connector; a real board has it or has it not. */
  hasPiCamera?: boolean;
  /** A disk of its owner's for USB, empty beside a fresh volume and as it was left beside a kept one; absent: there is none. */
  usbDisk?: 'plugged in' | 'pulled';
  /** What is around the device; absent: this computer alone. `network`: {@link OtherHost}s, and what an operating system has for names and Wi-Fi. */
  surroundings?: 'network';
  /** Of which the container is started; absent: what was built. */
  release?: TestRelease;
}

/** `neighbour`: on the same cable as the device. `house`: the router of a Wi-Fi in reach. `phone`: whatever a person holds in the hand. */
export type OtherHost = 'neighbour' | 'house' | 'phone';

/** A Wi-Fi as it is known to who may join it. */
export interface KnownWifi {
  ssid: string;
  passphrase: string;
}

/** What was built, under another number. */
export interface TestRelease {
  version: string;
  /** `cameras`: none can be opened any more. */
  breaks?: 'cameras';
}

/** A box to test on. Suites know nothing else of it, so that they are the same for an emulated one and a real one. */
export interface Bench {
  readonly name: string;
  /** What is not the real thing, each with what stands in for it; empty for a real board. */
  readonly emulated: readonly string[];
  /** Why this bench cannot do what a suite needs; null when it can. */
  lacks(need: Need): string | null;
  /** Answers when power is there, not when anything works. */
  powerOn(how: PowerOn): Promise<void>;
  /** At once, like a pulled plug. */
  cutPower(): Promise<void>;
  /** Where the portal is. */
  readonly url: string;
  /** Whom it belongs to, or shall. */
  readonly owner: { username: string; password: string };
  /** Runs a program in the device's container, beside it. */
  run(program: string, ...args: string[]): Promise<Said>;
  /** Runs a line of shell beside the container, as the machine's own operating system. */
  onMachine(line: string): Promise<Said>;
  /** Runs a line of shell on another host, which sees of the device what the network shows it. */
  onOther(host: OtherHost, line: string): Promise<Said>;
  /** Switches the Wi-Fi of the house on as this one, or off. Its router leads nowhere. */
  houseWifi(wifi: KnownWifi | null): Promise<void>;
  /** The phone joins it, and again whenever it was lost; answers when it has an address in it. */
  phoneJoins(wifi: KnownWifi): Promise<void>;
  /** Where the device finds this computer. */
  readonly address: string;
  /** Pulls the plug of the camera on USB, or plugs it in again. */
  plugCamera(plugged: boolean): Promise<void>;
  /** Pulls the disk out of its port, without a word before, or plugs it in again. */
  plugDisk(plugged: boolean): Promise<void>;
  /** Puts a voltage on the wire that hangs on this line, from outside. */
  driveWire(line: number, high: boolean): Promise<void>;
  /** Whether there is a voltage on it. */
  isWireHigh(line: number): Promise<boolean>;
  /** As of a card with an error that the file system has met: from now on nothing can be written to it. */
  failVolume(): Promise<void>;
  /** Ends the container and starts that of another release in its place, as balenaOS does. */
  install(release: TestRelease): Promise<void>;
  /** How often the machine was started since {@link powerOn}, by itself as well. */
  starts(): Promise<number>;
  /** Makes a volume that was given read-only writable again, as its operating system would. */
  mendVolume(): Promise<void>;
  /** Everything said on the console since power on, last lines last. */
  console(): string;
  /** The end of the bench itself. */
  close(): Promise<void>;
}

export type Need =
  | 'fresh-volume'
  | 'power-cut'
  | 'broken-volume'
  | 'small-volume'
  | 'lost-clock'
  | 'usb-camera'
  | 'usb-disk'
  | 'pi-camera'
  | 'wires'
  | 'lights'
  | 'watchdog'
  | 'failing-volume'
  | 'releases'
  | 'neighbour'
  | 'radios';
