import type { Clock } from '#device/kernel/clock.ts';
import { decodeSafely, type RtspAddress } from '../source-input.ts';
import { explainTrouble } from '../trouble.ts';
import type { Login } from './authorization.ts';
import type { RtspAnswer } from './message-reader.ts';
import { NotForDirect } from './not-for-direct.ts';
import { RtspConnection } from './rtsp-connection.ts';
import { type MediaDescription, readSessionDescription, type StreamDescription } from './session-description.ts';

export interface RtspStreamDeps {
  clock: Clock;
  address: RtspAddress;
  /** Which of the media to ask for; throws `NotForDirect` when they are not for this device to take apart. */
  choose(media: readonly MediaDescription[]): readonly MediaDescription[];
  /** An RTP packet of the chosen media of that index, in `bytes` from `start` to `end`; valid only during the call. */
  onPacket(index: number, bytes: Buffer, start: number, end: number): void;
}

const defaultPort = 554;
/** Cameras that name no time-out mean 60 s. */
const defaultTimeoutMs = 60_000;
const longestPauseMs = 30_000;

/**
 * Plays a stream over one TCP connection until the signal is aborted (then returns) or the camera ends it (then throws the reason).
 * Throws `NotForDirect` for what another kind of session should try.
 */
export async function playRtsp(deps: RtspStreamDeps, signal: AbortSignal): Promise<void> {
  const { url } = deps.address;
  const plain = new URL(url);
  plain.username = '';
  plain.password = '';
  const connection = new RtspConnection(
    { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || defaultPort), login: loginOf(url) },
    {
      clock: deps.clock,
      // Media are on even channels, what is reported about them on odd ones.
      onFrame: (channel, bytes, start, end) => {
        if (channel % 2 === 0) deps.onPacket(channel / 2, bytes, start, end);
      },
    },
  );
  let playing: string | null = null;
  const leave = () => connection.close(playing);
  signal.addEventListener('abort', leave, { once: true });
  try {
    if (signal.aborted) return;
    const handshake = await begin(connection, plain.href, deps, deps.address.secrets);
    playing = handshake.control;
    await Promise.race([connection.over, keepAlive(deps.clock, connection, handshake, signal)]);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    signal.removeEventListener('abort', leave);
    connection.close(playing);
  }
}

function loginOf(url: URL): Login | null {
  if (url.username === '' && url.password === '') return null;
  return { username: decodeSafely(url.username), password: decodeSafely(url.password) };
}

interface Handshake {
  control: string;
  timeoutMs: number;
  /** What the camera answers while nothing else is asked. */
  keepAliveMethod: string;
}

async function begin(connection: RtspConnection, url: string, deps: RtspStreamDeps, secrets: readonly string[]): Promise<Handshake> {
  const options = await connection.request('OPTIONS', url);
  const methods = (options.headers.get('public') ?? []).join(',');
  const described = succeed(await connection.request('DESCRIBE', url, { Accept: 'application/sdp' }), secrets);
  const description = describe(described, url);
  const chosen = deps.choose(description.media);
  let timeoutMs = defaultTimeoutMs;
  for (const [index, media] of chosen.entries()) {
    const transport = `RTP/AVP/TCP;unicast;interleaved=${index * 2}-${index * 2 + 1}`;
    const answer = succeed(await connection.request('SETUP', media.control, { Transport: transport }), secrets);
    const granted = answer.headers.get('transport')?.[0] ?? '';
    if (!new RegExp(`interleaved=${index * 2}-`).test(granted)) throw new NotForDirect('other channels than those asked for');
    const [session = '', ...parameters] = (answer.headers.get('session')?.[0] ?? '').split(';');
    connection.session = session.trim() || connection.session;
    const seconds = parameters.map((text) => /^\s*timeout\s*=\s*(\d{1,5})/.exec(text)?.[1]).find((found) => found !== undefined);
    if (seconds !== undefined && Number(seconds) > 0) timeoutMs = Number(seconds) * 1000;
  }
  succeed(await connection.request('PLAY', description.control, { Range: 'npt=0.000-' }), secrets);
  return { control: description.control, timeoutMs, keepAliveMethod: /\bGET_PARAMETER\b/.test(methods) ? 'GET_PARAMETER' : 'OPTIONS' };
}

function describe(answer: RtspAnswer, url: string): StreamDescription {
  const base = answer.headers.get('content-base')?.[0] ?? answer.headers.get('content-location')?.[0] ?? url;
  try {
    return readSessionDescription(answer.body, base);
  } catch (cause) {
    throw new NotForDirect('a description that makes no sense', { cause });
  }
}

function succeed(answer: RtspAnswer, secrets: readonly string[]): RtspAnswer {
  const { status, reason } = answer;
  if (status === 200) return answer;
  if (status < 400) throw new NotForDirect(`an answer of status ${status}`);
  const class_ = status < 500 ? 'Server returned 4XX' : 'Server returned 5XX';
  throw explainTrouble(`${status} ${standardReasons[status] ?? reason} ${class_}`, secrets);
}

/** Cameras word them freely. */
const standardReasons: Readonly<Record<number, string>> = {
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  453: 'Not Enough Bandwidth',
  454: 'Session Not Found',
  461: 'Unsupported transport',
  503: 'Service Unavailable',
};

async function keepAlive(clock: Clock, connection: RtspConnection, handshake: Handshake, signal: AbortSignal): Promise<void> {
  const pauseMs = Math.min(handshake.timeoutMs / 2, longestPauseMs);
  while (!signal.aborted) {
    await clock.sleep(pauseMs, signal).catch(() => {});
    if (!signal.aborted) await connection.request(handshake.keepAliveMethod, handshake.control);
  }
}
