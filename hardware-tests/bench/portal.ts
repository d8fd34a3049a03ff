import { setTimeout as pause } from 'node:timers/promises';
import { hc } from 'hono/client';
import { z } from 'zod';
import type { Api } from '#device/api/api.ts';
import {
  type Camera,
  cameraSchema,
  type Disk,
  discoverySchema,
  diskSchema,
  type Event,
  type EventKind,
  eventSchema,
  type FoundCamera,
  type Health,
  healthSchema,
  type JoinNetwork,
  type Network,
  type NewCamera,
  networkSchema,
  type Pin,
  type PinBoard,
  type PinUse,
  pinBoardSchema,
  pinSchema,
  type Recording,
  type RecordingPlace,
  recordingPlaceSchema,
  recordingSchema,
  type System,
  shortHealthSchema,
  systemSchema,
  type UpdateStatus,
  updateStatusSchema,
  wifiNetworkSchema,
} from '#device/contract/contract.ts';
import type { Bench } from './bench.ts';

/** The device as its owner sees it over HTTP. */
export class Portal {
  readonly #url: string;
  readonly #owner: Bench['owner'];
  #cookie = '';

  constructor({ url, owner }: Pick<Bench, 'url' | 'owner'>) {
    this.#url = url;
    this.#owner = owner;
  }

  #client() {
    return hc<Api>(this.#url, { headers: { origin: this.#url, ...(this.#cookie === '' ? {} : { cookie: this.#cookie }) } });
  }

  /** Whether it answers, and whether it has an owner; null while it does not. */
  async state(): Promise<{ status: number; claimed: boolean | null } | null> {
    const answer = await fetch(`${this.#url}/api/health`, { signal: AbortSignal.timeout(10_000) }).catch(() => null);
    if (!answer) return null;
    const body = shortHealthSchema.safeParse(await answer.json().catch(() => null));
    return { status: answer.status, claimed: body.success ? body.data.claimed : null };
  }

  /** As one that is well does. */
  async answers(): Promise<boolean> {
    return (await this.state())?.status === 200;
  }

  /** Claims a fresh device or logs in to a claimed one. */
  async enter(): Promise<void> {
    const client = this.#client();
    let answer: Response = await client.api.claim.$post({ json: this.#owner });
    if (answer.status === 409) answer = await client.api.session.$post({ json: this.#owner });
    if (answer.status !== 201) throw new Error(`the portal lets nobody in: ${answer.status} ${await answer.text()}`);
    this.#cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  }

  async recordings(): Promise<Recording[]> {
    const query = {};
    return (await this.#read(recordingsSchema, 'recordings', (api) => api.recordings.$get({ query }))).recordings;
  }

  /** The newest of a kind, newest first. */
  async events(kind: EventKind): Promise<Event[]> {
    return (await this.#read(eventsSchema, 'events', (api) => api.events.$get({ query: { kind } }))).events;
  }

  system(): Promise<System> {
    return this.#read(systemSchema, 'system', (api) => api.system.$get());
  }

  health(): Promise<Health> {
    return this.#read(healthSchema, 'health', (api) => api.health.$get());
  }

  async cameras(): Promise<Camera[]> {
    return (await this.#read(camerasSchema, 'cameras', (api) => api.cameras.$get())).cameras;
  }

  async foundCameras(): Promise<FoundCamera[]> {
    return (await this.#read(discoverySchema, 'discovery', (api) => api.discovery.$get())).cameras;
  }

  /** What a found camera sees, as a JPEG. */
  async pictureOf(id: string): Promise<Uint8Array> {
    const answer = await this.#answer('picture', (api) => api.discovery[':id']['snapshot.jpg'].$get({ param: { id } }));
    return new Uint8Array(await answer.arrayBuffer());
  }

  addCamera(camera: NewCamera): Promise<Camera> {
    return this.#read(cameraSchema, 'adding a camera', (api) => api.cameras.$post({ json: camera }));
  }

  pins(): Promise<PinBoard> {
    return this.#read(pinBoardSchema, 'pins', (api) => api.pins.$get());
  }

  usePin(line: number, use: PinUse): Promise<Pin> {
    return this.#read(pinSchema, `pin ${line}`, (api) => api.pins[':line'].$put({ param: { line: String(line) }, json: use }));
  }

  async identify(): Promise<void> {
    await this.#answer('identify', (api) => api.system.identify.$post());
  }

  network(): Promise<Network> {
    return this.#read(networkSchema, 'network', (api) => api.network.$get());
  }

  /** Names of the Wi-Fi networks in reach. */
  async scanWifi(): Promise<string[]> {
    const { networks } = await this.#read(wifiNetworksSchema, 'listening', (api) => api.network.scan.$post());
    return networks.map(({ ssid }) => ssid);
  }

  /** Answers when it has begun. */
  async joinWifi(wifi: JoinNetwork): Promise<void> {
    await this.#answer('joining', (api) => api.network.join.$post({ json: wifi }));
  }

  update(): Promise<UpdateStatus> {
    return this.#read(updateStatusSchema, 'update', (api) => api.system.update.$get());
  }

  /** Where recordings are kept, and the disks they could be kept on. */
  recordingPlace(): Promise<RecordingPlace> {
    return this.#read(recordingPlaceSchema, 'disks', (api) => api.system.disks.$get());
  }

  /** Answers with the disk as it is then. */
  eraseDisk(id: string): Promise<Disk> {
    return this.#read(diskSchema, 'erasing a disk', (api) => api.system.disks[':id'].erase.$post({ param: { id } }));
  }

  /** Answers when it is known; the device starts anew after that. */
  async chooseDisk(volumeId: string): Promise<void> {
    await this.#answer('choosing a disk', (api) => api.system.disks.chosen.$put({ json: { volumeId } }));
  }

  async #read<S extends z.ZodType>(schema: S, what: string, ask: (api: PortalApi) => Promise<Response>): Promise<z.output<S>> {
    return schema.parse(await (await this.#answer(what, ask)).json());
  }

  /** A login may have ended with a step of the clock or a start on other data: then it is done once more. */
  async #answer(what: string, ask: (api: PortalApi) => Promise<Response>): Promise<Response> {
    let answer = await ask(this.#client().api);
    if (answer.status === 401) {
      await this.enter();
      answer = await ask(this.#client().api);
    }
    if (!answer.ok) throw new Error(`${what}: ${answer.status} ${await answer.text()}`);
    return answer;
  }
}

type PortalApi = ReturnType<typeof hc<Api>>['api'];

const recordingsSchema = z.object({ recordings: z.array(recordingSchema) });
const camerasSchema = z.object({ cameras: z.array(cameraSchema) });
const wifiNetworksSchema = z.object({ networks: z.array(wifiNetworkSchema) });
const eventsSchema = z.object({ events: z.array(eventSchema) });

/** Asks again and again; fails with what it waited for, and why asking failed. Answers how long that took, in seconds since `sinceMs`. */
export async function until(what: string, ask: () => Promise<boolean>, options: { withinMs: number; sinceMs?: number }): Promise<number> {
  const beganMs = performance.now();
  let trouble = '';
  const isSo = () =>
    ask().then(
      (answer) => {
        trouble = '';
        return answer;
      },
      (error: unknown) => {
        trouble = `: ${String(error)}`;
        return false;
      },
    );
  while (!(await isSo())) {
    if (performance.now() - beganMs > options.withinMs)
      throw new Error(`waited ${options.withinMs / 1000} s in vain until ${what}${trouble}`);
    await pause(250);
  }
  return (performance.now() - (options.sinceMs ?? beganMs)) / 1000;
}
