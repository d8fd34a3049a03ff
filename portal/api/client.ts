import { hc } from 'hono/client';
import type { Api } from '#device/api/api.ts';
import type {
  CameraChange,
  CameraControlChange,
  CameraSource,
  Claim,
  DeviceSettingsChange,
  Health,
  JoinNetwork,
  Login,
  NewCamera,
  NewToken,
  OnvifLogin,
  PinUse,
  PtzMove,
  ShortHealth,
} from '#device/contract/contract.ts';
import { answerOf, mapAnswer, type ProblemWords } from './answer.ts';

export interface Span {
  camera?: string | undefined;
  fromMs: number;
  toMs: number;
}

interface PageQuery extends Span {
  cursor?: string | undefined;
  limit?: number;
}

const iso = (ms: number) => new Date(ms).toISOString();

const pageQuery = ({ camera, fromMs, toMs, cursor, limit }: PageQuery) => ({
  from: iso(fromMs),
  to: iso(toMs),
  ...(camera === undefined ? {} : { camera }),
  ...(cursor === undefined ? {} : { cursor }),
  ...(limit === undefined ? {} : { limit: String(limit) }),
});

const cancellable = (signal: AbortSignal | undefined) => (signal ? { init: { signal } } : {});

type Routes = ReturnType<typeof hc<Api>>;

const accessCalls = ({ api }: Routes, words: ProblemWords) => ({
  shortHealth: async () => mapAnswer(await answerOf(() => api.health.$get(), words), (health): ShortHealth => health),
  claim: (claim: Claim) => answerOf(() => api.claim.$post({ json: claim }), words),
  session: () => answerOf(() => api.session.$get(), words),
  login: (login: Login) => answerOf(() => api.session.$post({ json: login }), words),
  logout: () => answerOf(() => api.session.$delete(), words),
  changePassword: (json: { current: string; next: string }) => answerOf(() => api.session.password.$put({ json }), words),
  tokens: async (signal?: AbortSignal) =>
    mapAnswer(await answerOf(() => api.tokens.$get(undefined, cancellable(signal)), words, signal), ({ tokens }) => tokens),
  createToken: (token: NewToken) => answerOf(() => api.tokens.$post({ json: token }), words),
  revokeToken: (id: string) => answerOf(() => api.tokens[':id'].$delete({ param: { id } }), words),
});

const cameraCalls = ({ api }: Routes, words: ProblemWords) => ({
  cameras: async (signal?: AbortSignal) =>
    mapAnswer(await answerOf(() => api.cameras.$get(undefined, cancellable(signal)), words, signal), ({ cameras }) => cameras),
  addCamera: (json: NewCamera) => answerOf(() => api.cameras.$post({ json }), words),
  changeCamera: (id: string, json: CameraChange) => answerOf(() => api.cameras[':id'].$patch({ param: { id }, json }), words),
  removeCamera: (id: string, deleteRecordings: boolean) =>
    answerOf(() => api.cameras[':id'].$delete({ param: { id }, query: { deleteRecordings: deleteRecordings ? 'true' : 'false' } }), words),
  restartCamera: (id: string) => answerOf(() => api.cameras[':id'].restart.$post({ param: { id } }), words),
  record: (id: string, durationMs: number) =>
    answerOf(() => api.cameras[':id'].recording.$post({ param: { id }, json: { durationMs } }), words),
  stopRecording: (id: string) => answerOf(() => api.cameras[':id'].recording.$delete({ param: { id } }), words),
  /** `cameraId`: a saved camera whose password stands in when the source names none. */
  probe: (source: CameraSource, cameraId?: string, signal?: AbortSignal) =>
    answerOf(
      () => api.cameras.probe.$post({ json: { source, ...(cameraId === undefined ? {} : { cameraId }) } }, cancellable(signal)),
      words,
      signal,
    ),
  coverage: async (id: string, { fromMs, toMs }: Span, signal?: AbortSignal) =>
    mapAnswer(
      await answerOf(
        () => api.cameras[':id'].coverage.$get({ param: { id }, query: { from: iso(fromMs), to: iso(toMs) } }, cancellable(signal)),
        words,
        signal,
      ),
      ({ spans }) => spans,
    ),
});

const foundCalls = ({ api }: Routes, words: ProblemWords) => ({
  discovery: (signal?: AbortSignal) => answerOf(() => api.discovery.$get(undefined, cancellable(signal)), words, signal),
  /** Asks the network too, which takes some seconds. */
  searchNetwork: (signal?: AbortSignal) => answerOf(() => api.discovery.$post(undefined, cancellable(signal)), words, signal),
  askCamera: (json: OnvifLogin, signal?: AbortSignal) =>
    answerOf(() => api.discovery.onvif.$post({ json }, cancellable(signal)), words, signal),
  ptz: (id: string, signal?: AbortSignal) =>
    answerOf(() => api.cameras[':id'].ptz.$get({ param: { id } }, cancellable(signal)), words, signal),
  move: (id: string, json: Partial<PtzMove>) => answerOf(() => api.cameras[':id'].ptz.move.$post({ param: { id }, json }), words),
  goToPreset: (id: string, preset: string) =>
    answerOf(() => api.cameras[':id'].ptz.go.$post({ param: { id }, json: { id: preset } }), words),
  addPreset: (id: string, name: string) => answerOf(() => api.cameras[':id'].ptz.presets.$post({ param: { id }, json: { name } }), words),
  removePreset: (id: string, preset: string) =>
    answerOf(() => api.cameras[':id'].ptz.presets[':preset'].$delete({ param: { id, preset } }), words),
  relays: async (id: string, signal?: AbortSignal) =>
    mapAnswer(
      await answerOf(() => api.cameras[':id'].relays.$get({ param: { id } }, cancellable(signal)), words, signal),
      ({ relays }) => relays,
    ),
  switchRelay: (id: string, relay: string, on: boolean) =>
    answerOf(() => api.cameras[':id'].relays[':relay'].on.$put({ param: { id, relay }, json: { on } }), words),
  pulseRelay: (id: string, relay: string, durationMs: number) =>
    answerOf(() => api.cameras[':id'].relays[':relay'].pulse.$post({ param: { id, relay }, json: { durationMs } }), words),
  reels: async (id: string, signal?: AbortSignal) =>
    mapAnswer(
      await answerOf(() => api.cameras[':id']['time-lapse'].$get({ param: { id } }, cancellable(signal)), words, signal),
      ({ reels }) => reels,
    ),
  reel: (id: string, day: string, signal?: AbortSignal) =>
    answerOf(() => api.cameras[':id']['time-lapse'][':day'].$get({ param: { id, day } }, cancellable(signal)), words, signal),
  removeReel: (id: string, day: string) => answerOf(() => api.cameras[':id']['time-lapse'][':day'].$delete({ param: { id, day } }), words),
  controls: async (id: string, signal?: AbortSignal) =>
    mapAnswer(
      await answerOf(() => api.cameras[':id'].controls.$get({ param: { id } }, cancellable(signal)), words, signal),
      ({ controls }) => controls,
    ),
  setControl: async (id: string, json: CameraControlChange) =>
    mapAnswer(await answerOf(() => api.cameras[':id'].controls.$patch({ param: { id }, json }), words), ({ controls }) => controls),
});

const recordingCalls = ({ api }: Routes, words: ProblemWords) => ({
  recordings: (query: PageQuery, signal?: AbortSignal) =>
    answerOf(() => api.recordings.$get({ query: pageQuery(query) }, cancellable(signal)), words, signal),
  protect: (id: string, isProtected: boolean) =>
    answerOf(() => api.recordings[':id'].$patch({ param: { id }, json: { protected: isProtected } }), words),
  removeRecordings: (ids: string[]) => answerOf(() => api.recordings.delete.$post({ json: { ids } }), words),
  days: async (camera: string | undefined, signal?: AbortSignal) =>
    mapAnswer(
      await answerOf(() => api.recordings.days.$get({ query: camera === undefined ? {} : { camera } }, cancellable(signal)), words, signal),
      ({ days }) => days,
    ),
  events: (query: PageQuery, signal?: AbortSignal) =>
    answerOf(() => api.events.$get({ query: pageQuery(query) }, cancellable(signal)), words, signal),
});

const deviceCalls = ({ api }: Routes, words: ProblemWords) => ({
  /** Every check; for whoever is logged in. */
  health: async (signal?: AbortSignal) =>
    mapAnswer(
      await answerOf(() => api.health.$get(undefined, cancellable(signal)), words, signal),
      (health: ShortHealth | Health): Health => ('checks' in health ? health : { ...health, time: iso(0), checks: [] }),
    ),
  system: (signal?: AbortSignal) => answerOf(() => api.system.$get(undefined, cancellable(signal)), words, signal),
  updateStatus: (signal?: AbortSignal) => answerOf(() => api.system.update.$get(undefined, cancellable(signal)), words, signal),
  lookForUpdate: () => answerOf(() => api.system.update.$post(), words),
  restart: () => answerOf(() => api.system.restart.$post(), words),
  reboot: () => answerOf(() => api.system.reboot.$post(), words),
  shutdown: () => answerOf(() => api.system.shutdown.$post(), words),
  settings: (signal?: AbortSignal) => answerOf(() => api.settings.$get(undefined, cancellable(signal)), words, signal),
  changeSettings: (json: DeviceSettingsChange) => answerOf(() => api.settings.$patch({ json }), words),
});

const diskCalls = ({ api }: Routes, words: ProblemWords) => ({
  recordingPlace: (signal?: AbortSignal) => answerOf(() => api.system.disks.$get(undefined, cancellable(signal)), words, signal),
  /** null: where the device keeps everything else too. */
  chooseDisk: (volumeId: string | null) => answerOf(() => api.system.disks.chosen.$put({ json: { volumeId } }), words),
  /** Takes as long as the disk does. */
  eraseDisk: (id: string) => answerOf(() => api.system.disks[':id'].erase.$post({ param: { id } }), words),
});

/** A pin of the board in an address. */
const lineOf = (line: number) => ({ param: { line: String(line) } });

const pinCalls = ({ api }: Routes, words: ProblemWords) => ({
  identify: () => answerOf(() => api.system.identify.$post(), words),
  pins: (signal?: AbortSignal) => answerOf(() => api.pins.$get(undefined, cancellable(signal)), words, signal),
  assignPin: (line: number, json: PinUse) => answerOf(() => api.pins[':line'].$put({ ...lineOf(line), json }), words),
  clearPin: (line: number) => answerOf(() => api.pins[':line'].$delete(lineOf(line)), words),
  testPin: (line: number) => answerOf(() => api.pins[':line'].test.$post(lineOf(line)), words),
  switchPin: (line: number, on: boolean) => answerOf(() => api.pins[':line'].on.$put({ ...lineOf(line), json: { on } }), words),
});

const networkCalls = ({ api }: Routes, words: ProblemWords) => ({
  network: (signal?: AbortSignal) => answerOf(() => api.network.$get(undefined, cancellable(signal)), words, signal),
  peers: async (signal?: AbortSignal) =>
    mapAnswer(await answerOf(() => api.network.peers.$get(undefined, cancellable(signal)), words, signal), ({ peers }) => peers),
  scanNetworks: async (signal?: AbortSignal) =>
    mapAnswer(await answerOf(() => api.network.scan.$post(undefined, cancellable(signal)), words, signal), ({ networks }) => networks),
  joinNetwork: (json: JoinNetwork) => answerOf(() => api.network.join.$post({ json }), words),
  forgetNetwork: (ssid: string) => answerOf(() => api.network.forget.$post({ json: { ssid } }), words),
});

/** Every request of the portal, typed by the device's own routes. Keeps no state. `origin` e.g. `http://kerberos.local`. */
export const createClient = (origin: string, fetcher: typeof fetch, words: ProblemWords) => {
  const routes = hc<Api>(origin, { fetch: fetcher });
  return {
    ...accessCalls(routes, words),
    ...cameraCalls(routes, words),
    ...foundCalls(routes, words),
    ...recordingCalls(routes, words),
    ...deviceCalls(routes, words),
    ...diskCalls(routes, words),
    ...pinCalls(routes, words),
    ...networkCalls(routes, words),
  };
};
export type Client = ReturnType<typeof createClient>;
