import { createRequire } from 'node:module';
import type { OnvifLogin } from '#device/contract/contract.ts';
import type { Clock } from '#device/kernel/clock.ts';
import { Failure } from '#device/kernel/failure.ts';
import { explainOnvif } from './onvif-answers.ts';
import { exchange } from './soap-exchange.ts';

/** The parts of the package's camera that are used here. Its callbacks get an error, or what was parsed of the answer. */
export interface Cam {
  connect(callback: Callback): void;
  getDeviceInformation(callback: (error: unknown, answer: unknown, xml?: string) => void): void;
  getProfiles(callback: Callback): void;
  getStreamUri(options: { protocol: 'RTSP'; profileToken: string }, callback: Callback): void;
  getPresets(options: { profileToken: string }, callback: Callback): void;
  gotoPreset(options: { profileToken: string; preset: string }, callback: Callback): void;
  setPreset(options: { profileToken: string; presetName: string }, callback: Callback): void;
  removePreset(options: { profileToken: string; presetToken: string }, callback: Callback): void;
  continuousMove(options: { profileToken: string; x: number; y: number; zoom: number; timeout: number }, callback: Callback): void;
  stop(options: { profileToken: string; panTilt: boolean; zoom: boolean }, callback: Callback): void;
  getImagingSettings(callback: Callback): void;
  getVideoSourceOptions(callback: Callback): void;
  setImagingSettings(settings: Readonly<Record<string, string>>, callback: Callback): void;
  /** What every envelope begins with, the login included; the header stays open for more. */
  _envelopeHeader(staysOpen: true): string;
  _envelopeFooter(): string;
  _request(options: RequestOptions, callback: Answered): void;
  digestAuth(challenges: string[], request: { method: string; path: string }): string;
  readonly uri?: Readonly<Record<string, { path?: string | null } | undefined>>;
  readonly path: string;
  /** By token; filled by `getPresets`. */
  readonly presets?: unknown;
}
export type Callback = (error: unknown, answer?: unknown) => void;
type Answered = (error: unknown, data?: unknown, xml?: string, status?: number) => void;

const require = createRequire(import.meta.url);
const answerMs = 8_000;

interface OnvifCameraDeps {
  clock: Clock;
  login: OnvifLogin;
}

/**
 * A conversation with one camera. The `onvif` package writes the questions and understands the answers; what travels, and what happens
 * when an answer is not what it should be, is ours: the package reads answers of any length, follows the addresses in them, and throws
 * where nobody can catch it.
 */
export class OnvifCamera {
  readonly #deps: OnvifCameraDeps;
  readonly #url: URL;
  readonly #cam: Cam;
  #turn: Promise<unknown> = Promise.resolve();
  #isMet = false;
  #signal: AbortSignal = new AbortController().signal;
  #thrown: (error: unknown) => void = () => {};

  constructor(deps: OnvifCameraDeps) {
    this.#deps = deps;
    const { username, password, url } = deps.login;
    this.#url = onvifAddress(url);
    const { Cam } = require('onvif');
    this.#cam = new Cam({
      hostname: this.#url.hostname,
      port: Number(this.#url.port) || (this.#url.protocol === 'https:' ? 443 : 80),
      path: this.#url.pathname,
      // What stands in an envelope must not end an element of it; Digest, which takes it as it is, is for the cameras that ask for it.
      username: username.replace(/[<>&]/g, ''),
      password,
      autoconnect: false,
      preserveAddress: true,
    });
    Reflect.set(this.#cam, '_request', (options: RequestOptions, callback: Answered) => this.#request(options, callback));
  }

  /** One thing at a time: cameras are small. Rejects with a Failure. */
  ask(question: (cam: Cam, callback: Callback) => void, signal: AbortSignal): Promise<unknown> {
    const turn = this.#turn.then(() => {
      signal.throwIfAborted();
      this.#signal = signal;
      return new Promise((resolve, reject) => {
        this.#thrown = reject;
        question(this.#cam, (error, answer) => (error ? reject(error) : resolve(answer)));
      });
    });
    this.#turn = turn.catch(() => {});
    return turn.catch((error: unknown) => {
      signal.throwIfAborted();
      const failure = error instanceof Failure ? error : explainOnvif(error);
      if (failure.kind === 'camera-wrong-password') this.#isMet = false;
      throw failure;
    });
  }

  /** Learns its time, without which it takes no login, and where its services are: once, and anew after it took no login. */
  async meet(signal: AbortSignal): Promise<void> {
    if (this.#isMet) return;
    await this.ask((cam, callback) => cam.connect(callback), signal);
    this.#isMet = true;
  }

  /** A question that the package does not know. Answers the body as it was parsed, with every element a list. */
  say({ header = '', body, ...where }: OwnQuestion, signal: AbortSignal): Promise<unknown> {
    return this.ask((cam, callback) => {
      const envelope = `${cam._envelopeHeader(true)}${header}</s:Header><s:Body>${body}${cam._envelopeFooter()}`;
      cam._request({ ...where, body: envelope }, (error, data) => callback(error, data));
    }, signal);
  }

  /** Whatever the package makes of an answer, it throws into `ask` and nowhere else, and it is called once. */
  #request(options: RequestOptions, callback: Answered): void {
    this.#exchange(options)
      .then(
        ({ xml, status }) => parse(xml, status),
        (error: unknown): Parsed => [error],
      )
      .then((parsed) => callback.call(this.#cam, ...parsed))
      .catch((error: unknown) => this.#thrown(error));
  }

  async #exchange({ body, service, url, path: ownPath, withinMs = answerMs }: RequestOptions) {
    const path = ownPath ?? url?.path ?? (service === undefined ? this.#cam.path : (this.#cam.uri?.[service]?.path ?? null));
    if (path === null) throw new Failure('not-found', 'This camera cannot do that.');
    const question = { url: this.#url, path, body, authorization: null, withinMs };
    const answer = await exchange(this.#deps.clock, question, this.#signal);
    if (answer.status !== 401 || answer.challenges.length === 0) return answer;
    const authorization = this.#cam.digestAuth(answer.challenges, { method: 'POST', path });
    const second = await exchange(this.#deps.clock, { ...question, authorization }, this.#signal);
    if (second.status === 401) throw new Error('Digest authentication failed');
    return second;
  }
}

interface RequestOptions {
  body: string;
  service?: string;
  url?: { path?: string | null };
  path?: string;
  withinMs?: number;
}

interface OwnQuestion {
  /** As the camera names its services; its first address when neither this nor `path` is given. */
  service?: string;
  path?: string;
  header?: string;
  body: string;
  withinMs?: number;
}

type Parsed = [error: unknown, data?: unknown, xml?: string, status?: number];

function parse(xml: string, status: number): Parsed {
  const { parseSOAPString } = require('onvif/lib/utils');
  let parsed: Parsed | null = null;
  parseSOAPString(
    xml,
    (...answer: Parsed) => {
      parsed ??= answer;
    },
    status,
  );
  return parsed ?? [new Error('the camera answers what cannot be read')];
}

/** What stands in an envelope must not end an element of it. */
export function escaped(text: string): string {
  return text.replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Throws a Failure `invalid-input`. */
export function onvifAddress(text: string): URL {
  const url = URL.parse(text);
  if (url && (url.protocol === 'http:' || url.protocol === 'https:') && url.hostname !== '' && url.username === '' && url.password === '')
    return url;
  throw new Failure('invalid-input', 'The ONVIF address of the camera cannot be read.', {
    action: 'Write it like http://192.168.1.20/onvif/device_service, without user name or password.',
  });
}
