import type {
  Camera,
  CameraChange,
  CameraSource,
  Claim,
  ClockTrust,
  CoverageSpan,
  CreatedToken,
  DeviceSettings,
  DeviceSettingsChange,
  Disk,
  Event,
  EventKind,
  Health,
  JoinNetwork,
  Login,
  Network,
  NewCamera,
  NewToken,
  Peer,
  Pin,
  PinBoard,
  PinUse,
  ProbeResult,
  Recording,
  RecordingPlace,
  RecordingTrigger,
  Reel,
  ReelSummary,
  Scope,
  Session,
  ShortHealth,
  StreamMessage,
  System,
  Token,
  UpdateStatus,
  WifiJoin,
  WifiNetwork,
} from '#device/contract/contract.ts';
import type { Clock } from '#device/kernel/clock.ts';
import type { Logger } from '#device/kernel/logger.ts';
import type { ControlsPort, DiscoveryPort, OnvifPort, RelaysPort, TimedJpeg } from './camera-ports.ts';

/** What the API needs of the rooms. main joins them; every method may throw a Failure, which becomes an ApiError. Times are wall-clock milliseconds. */

export interface Identity {
  /** A person with a session, or a script with a token. */
  via: 'session' | 'token';
  name: string;
  scopes: readonly Scope[];
}

export interface AccessPort {
  isClaimed(): boolean;
  /** `remoteAddress`: the peer of the socket, never a header. Refuses outsiders and second claims. Answers the cookie value. */
  claim(claim: Claim, remoteAddress: string): Promise<{ session: Session; cookieValue: string }>;
  login(login: Login, remoteAddress: string): Promise<{ session: Session; cookieValue: string }>;
  logout(cookieValue: string): Promise<void>;
  identify(credentials: { cookieValue?: string; bearer?: string }, remoteAddress: string): Promise<Identity | null>;
  session(cookieValue: string): Promise<Session | null>;
  /** Ends every session of the user and begins one for whoever changed it. */
  changePassword(username: string, change: { current: string; next: string }): Promise<{ session: Session; cookieValue: string }>;
  tokens(): Promise<Token[]>;
  createToken(token: NewToken): Promise<CreatedToken>;
  revokeToken(id: string): Promise<void>;
}

export interface CamerasPort {
  list(): Camera[];
  get(id: string): Camera;
  add(camera: NewCamera): Promise<Camera>;
  change(id: string, change: CameraChange): Promise<Camera>;
  /** Its recordings stay and age out, unless `deleteRecordings`. */
  remove(id: string, options: { deleteRecordings: boolean }): Promise<void>;
  restart(id: string): Promise<Camera>;
  /** Starts (or prolongs) a recording by hand. */
  record(id: string, durationMs: number): Promise<void>;
  stopRecording(id: string): Promise<void>;
  /** A JPEG as large as the sensor of a Pi camera; its video pauses for some seconds. */
  still(id: string): Promise<Uint8Array>;
  /** `cameraId`: a saved camera whose secrets stand in for those that the source does not name. */
  probe(source: CameraSource, signal: AbortSignal, cameraId?: string): Promise<ProbeResult>;
}

/** One browser that watches. The room never awaits it: a viewer that does not keep up loses pictures, not memory. */
export interface LiveViewer {
  send(message: string | Uint8Array): void;
  /** Bytes handed to `send` that have not left yet. */
  bufferedBytes(): number;
  /** The room gave this viewer up: it took nothing for too long, or its camera was removed. */
  close?(): void;
}

export interface LivePort {
  /** Returns the way to leave. */
  watch(cameraId: string, viewer: LiveViewer): () => void;
  snapshot(cameraId: string, signal: AbortSignal): Promise<TimedJpeg>;
  /** Ends when the signal is aborted. */
  mjpeg(cameraId: string, signal: AbortSignal): AsyncIterable<TimedJpeg>;
}

export interface Page {
  limit: number;
  cursor?: string;
}

export interface RecordingQuery extends Page {
  cameraId?: string;
  fromMs?: number;
  toMs?: number;
  trigger?: RecordingTrigger;
  protected?: boolean;
  order?: 'newest' | 'oldest';
}

export interface ByteSource {
  sizeBytes: number;
  /** Bytes `start` to `end`, both included. */
  read(start: number, end: number): ReadableStream<Uint8Array>;
}

export interface MediaFile extends ByteSource {
  fileName: string;
  /** Strong validator: changes whenever the bytes do. */
  etag: string;
}

export interface RecordingsPort {
  query(query: RecordingQuery): Promise<{ recordings: Recording[]; next: string | null }>;
  get(id: string): Promise<Recording>;
  file(id: string): Promise<MediaFile>;
  /** null when none could be made. */
  thumbnail(id: string): Promise<Uint8Array | null>;
  setProtected(id: string, isProtected: boolean): Promise<Recording>;
  remove(id: string): Promise<void>;
  coverage(span: { cameraId: string; fromMs: number; toMs: number }): Promise<CoverageSpan[]>;
  /** Days (YYYY-MM-DD in the device's time zone) on which something was recorded. */
  days(cameraId: string | undefined): Promise<string[]>;
  /** HLS, byte ranges over the recordings' own files; `fileUrl` says how a recording is addressed. */
  playlist(span: { cameraId: string; fromMs: number; toMs: number }, fileUrl: (recordingId: string) => string): Promise<string>;
  /** One MP4 of the span; not-found when nothing was recorded in it. */
  exportSpan(span: { cameraId: string; fromMs: number; toMs: number }): Promise<MediaFile>;
}

/** Pictures at intervals, one reel a day; `day` as YYYY-MM-DD. */
export interface TimeLapsePort {
  /** Newest first. */
  reels(cameraId: string): Promise<ReelSummary[]>;
  reel(cameraId: string, day: string): Promise<Reel>;
  picture(cameraId: string, day: string, takenMs: number): Promise<Uint8Array>;
  film(cameraId: string, day: string): Promise<MediaFile>;
  remove(cameraId: string, day: string): Promise<void>;
}

export interface EventQuery extends Page {
  cameraId?: string;
  kind?: EventKind;
  fromMs?: number;
  toMs?: number;
}

export interface EventsPort {
  query(query: EventQuery): Promise<{ events: Event[]; next: string | null }>;
  get(id: string): Promise<Event>;
  picture(id: string): Promise<Uint8Array | null>;
}

export interface SettingsPort {
  get(): DeviceSettings;
  change(change: DeviceSettingsChange): Promise<DeviceSettings>;
  /** Names of settings that the environment decides, dotted, e.g. `network.hostName`. */
  fixedByEnvironment(): readonly string[];
}

export interface HealthPort {
  short(): ShortHealth;
  full(): Promise<Health>;
}

export interface SystemPort {
  describe(): Promise<System>;
  /** Lets the lights of the board blink for a while. `unavailable` where none can be used. */
  identify(): void;
}

export interface DisksPort {
  describe(): Promise<RecordingPlace>;
  /** null: back to where everything is kept. Answers when it is saved; then the program starts anew. */
  choose(volumeId: string | null): Promise<void>;
  /** `not-found` when it is not there any more, `conflict` when it is in use. */
  erase(id: string): Promise<Disk>;
}

export interface PinsPort {
  facts(): Promise<PinBoard>;
  /** `conflict` with the reason when somebody else has the pin. */
  assign(line: number, use: PinUse): Promise<Pin>;
  clear(line: number): Promise<void>;
  /** `who` is written down. */
  test(line: number, who: string): Promise<Pin>;
  switch(line: number, on: boolean, who: string): Promise<Pin>;
}

export interface NetworkPort {
  describe(): Promise<Network>;
  peers(): Peer[];
  /** Takes some seconds. */
  scan(): Promise<WifiNetwork[]>;
  /** Answers when it has begun. */
  join(network: JoinNetwork): Promise<WifiJoin>;
  forget(ssid: string): Promise<void>;
  /** The device's own access point; null while it is closed. */
  setup(): { address: string } | null;
  /** Somebody uses the page of the own access point. */
  visited(): void;
}

export interface UpdatesPort {
  status(): Promise<UpdateStatus>;
  lookForUpdate(): Promise<void>;
  reboot(): Promise<void>;
  shutdown(): Promise<void>;
  restart(): Promise<void>;
  blink(): Promise<void>;
}

export interface TimePort {
  wallMs(): number;
  trust(): ClockTrust;
}

export interface StreamPort {
  subscribe(listener: (message: StreamMessage) => void): () => void;
}

export interface MetricsPort {
  /** Prometheus text format. */
  render(): Promise<string>;
}

export interface ApiDeps {
  access: AccessPort;
  cameras: CamerasPort;
  discovery: DiscoveryPort;
  controls: ControlsPort;
  onvif: OnvifPort;
  relays: RelaysPort;
  live: LivePort;
  recordings: RecordingsPort;
  timeLapse: TimeLapsePort;
  events: EventsPort;
  settings: SettingsPort;
  health: HealthPort;
  system: SystemPort;
  disks: DisksPort;
  pins: PinsPort;
  network: NetworkPort;
  updates: UpdatesPort;
  stream: StreamPort;
  metrics: MetricsPort;
  time: TimePort;
  clock: Clock;
  logger: Logger;
  /** Further names under which the device may be asked, beside addresses, local names and balena's; lower case, without port. */
  allowedHosts?: readonly string[];
  /** Folder of the built portal. */
  portalDirectory: string;
  version: string;
}
