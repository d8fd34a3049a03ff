import { connect, type Socket } from 'node:net';
import type { Clock } from '#device/kernel/clock.ts';
import { explainTrouble } from '../trouble.ts';
import { Authorization, bestChallenge, type Login } from './authorization.ts';
import { MessageReader, type RtspAnswer } from './message-reader.ts';
import { NotForDirect } from './not-for-direct.ts';

export interface RtspTarget {
  host: string;
  port: number;
  login: Login | null;
}

interface ConnectionDeps {
  clock: Clock;
  /** A frame of media, in `bytes` from `start` to `end`; valid only during the call. What it throws ends the connection. */
  onFrame(channel: number, bytes: Buffer, start: number, end: number): void;
}

/** As patient as with ffmpeg. */
const answerDeadlineMs = 8_000;
const readBytes = 65_536;
/** One that answers nothing shall not pile up what is asked of it. */
const maxWaiting = 8;
/** Nor shall one that reads nothing pile up what is said to it. */
const maxUnreadBytes = 65_536;

/** What the operating system calls it, in the words that `explainTrouble` knows. */
const socketTroubles: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Connection refused',
  EHOSTUNREACH: 'No route to host',
  ENETUNREACH: 'Network is unreachable',
  EHOSTDOWN: 'Host is down',
  ENOTFOUND: 'Failed to resolve hostname',
  EAI_AGAIN: 'Temporary failure in name resolution',
  ETIMEDOUT: 'Connection timed out',
  ECONNRESET: 'Connection reset',
  EPIPE: 'Connection reset',
};

/** One TCP connection to a camera: requests and their answers, in order, and media between them. */
export class RtspConnection {
  /** Rejects with the reason when the connection is over; never resolves. */
  readonly over: Promise<never>;
  readonly #clock: Clock;
  readonly #target: RtspTarget;
  readonly #socket: Socket;
  readonly #waiting: ((answer: RtspAnswer) => void)[] = [];
  #authorization: Authorization | null = null;
  #sequence = 0;
  #end: (reason: Error) => void = () => {};

  constructor(target: RtspTarget, { clock, onFrame }: ConnectionDeps) {
    this.#clock = clock;
    this.#target = target;
    const ended = Promise.withResolvers<never>();
    this.over = ended.promise;
    // Whoever waits for an answer hears of it there.
    this.over.catch(() => {});
    const reader = new MessageReader({
      answer: (answer) => this.#waiting.shift()?.(answer),
      request: (sequence) => this.#decline(sequence),
      frame: onFrame,
    });
    const take = (size: number, bytes: Uint8Array): boolean => {
      try {
        reader.push(bytes.subarray(0, size));
        return true;
      } catch (error) {
        this.#end(error instanceof RangeError ? new NotForDirect(error.message, { cause: error }) : asError(error));
        return false;
      }
    };
    // One buffer for all that is read: a stream of chunks of their own would be collected and thrown away all day.
    const onread = { buffer: Buffer.allocUnsafeSlow(readBytes), callback: take };
    this.#socket = connect({ host: target.host, port: target.port, noDelay: true, onread });
    this.#end = (reason) => {
      ended.reject(reason);
      this.#socket.destroy();
    };
    this.#socket.on('error', (error) => this.#end(explainTrouble(wordsFor(error), this.#secrets)));
    this.#socket.on('close', () => this.#end(explainTrouble('', [])));
  }

  /** Answers of every status. Rejects when the connection ends or no answer comes in time. */
  async request(method: string, url: string, headers: Readonly<Record<string, string>> = {}): Promise<RtspAnswer> {
    const answer = await this.#exchange(method, url, headers);
    const { login } = this.#target;
    if (answer.status !== 401 || login === null || (this.#authorization !== null && !isStale(answer))) return answer;
    const challenge = bestChallenge(answer.headers.get('www-authenticate') ?? []);
    if (!challenge) throw new NotForDirect('a login of an unknown kind');
    this.#authorization = new Authorization(challenge, login);
    return this.#exchange(method, url, headers);
  }

  /** Says good-bye if there is time, and is gone. */
  close(goodbye: string | null): void {
    if (goodbye !== null && !this.#socket.destroyed) {
      this.#socket.write(this.#message('TEARDOWN', goodbye, {}));
      this.#socket.end();
    }
    this.#end(explainTrouble('', []));
  }

  /** A message for TEARDOWN needs the session that belongs to it. */
  session: string | null = null;

  #decline(sequence: string): void {
    if (this.#socket.writableLength > maxUnreadBytes) throw new RangeError('requests whose answers are not read');
    this.#socket.write(`RTSP/1.0 501 Not Implemented\r\nCSeq: ${sequence}\r\n\r\n`);
  }

  get #secrets(): string[] {
    return this.#target.login ? [this.#target.login.password] : [];
  }

  #message(method: string, url: string, headers: Readonly<Record<string, string>>): string {
    this.#sequence += 1;
    const lines = [`${method} ${url} RTSP/1.0`, `CSeq: ${this.#sequence}`, 'User-Agent: Kerberos Edge'];
    if (this.#authorization) lines.push(`Authorization: ${this.#authorization.header(method, url)}`);
    if (this.session !== null) lines.push(`Session: ${this.session}`);
    return [...lines, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), '', ''].join('\r\n');
  }

  async #exchange(method: string, url: string, headers: Readonly<Record<string, string>>): Promise<RtspAnswer> {
    if (this.#waiting.length >= maxWaiting) throw explainTrouble('Connection timed out', []);
    const answered = new Promise<RtspAnswer>((resolve) => {
      this.#waiting.push(resolve);
    });
    this.#socket.write(this.#message(method, url, headers));
    const timer = new AbortController();
    const late = this.#clock.sleep(answerDeadlineMs, timer.signal).then(() => {
      throw explainTrouble('Connection timed out', []);
    });
    late.catch(() => {});
    try {
      return await Promise.race([answered, this.over, late]);
    } finally {
      timer.abort();
    }
  }
}

/** The nonce grew old; the password is not to blame. */
function isStale(answer: RtspAnswer): boolean {
  return (answer.headers.get('www-authenticate') ?? []).some((header) => /stale\s*=\s*"?true/i.test(header));
}

function wordsFor(error: Error): string {
  return 'code' in error ? (socketTroubles[String(error.code)] ?? String(error.code)) : error.message;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
