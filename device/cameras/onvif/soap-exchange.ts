import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Clock } from '#device/kernel/clock.ts';

export interface SoapAnswer {
  status: number;
  xml: string;
  /** Every WWW-Authenticate header that asks for Digest. */
  challenges: string[];
}

export interface SoapQuestion {
  /** Of the camera that was asked for, whatever addresses its answers name. */
  url: URL;
  path: string;
  body: string;
  authorization: string | null;
  withinMs: number;
}

const mostBytes = 256 * 1024;
/** An answer of some kilobytes has some dozen; what has thousands is made to keep a parser busy. */
const mostNamespaces = 400;

/** One question and its answer, bounded in time and size. Rejects with Error when there is none, or none that may be read. */
export async function exchange(clock: Clock, question: SoapQuestion, signal: AbortSignal): Promise<SoapAnswer> {
  const done = new AbortController();
  const timer = clock.sleep(question.withinMs, AbortSignal.any([done.signal, signal])).then(
    () => Promise.reject(new Error('the camera did not answer in time')),
    () => new Promise<never>(() => {}),
  );
  const cancel = new AbortController();
  try {
    return await Promise.race([ask(question, AbortSignal.any([signal, cancel.signal])), timer]);
  } finally {
    done.abort();
    cancel.abort();
  }
}

function ask({ url, path, body, authorization }: SoapQuestion, signal: AbortSignal): Promise<SoapAnswer> {
  return new Promise((resolve, reject) => {
    const bytes = Buffer.from(body, 'utf8');
    const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(
      {
        host: url.hostname.replace(/^\[|\]$/g, ''),
        port: url.port || (url.protocol === 'https:' ? 443 : 80),
        method: 'POST',
        path,
        agent: false,
        signal,
        // Cameras sign their certificates themselves, so that it proves nothing; the password is never sent as it is.
        rejectUnauthorized: false,
        headers: {
          'Content-Type': 'application/soap+xml; charset=utf-8',
          'Content-Length': bytes.length,
          ...(authorization === null ? {} : { Authorization: authorization }),
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        let length = 0;
        response.on('data', (chunk: Buffer) => {
          length += chunk.length;
          if (length > mostBytes) request.destroy(new Error('the camera answers more than can be read'));
          else chunks.push(chunk);
        });
        response.on('error', reject);
        response.on('end', () => {
          const xml = Buffer.concat(chunks).toString('utf8');
          const unreadable = /<!(DOCTYPE|ENTITY)/i.test(xml) || xml.split('xmlns').length > mostNamespaces;
          if (unreadable) reject(new Error('the camera answers what cannot be read'));
          else resolve({ status: response.statusCode ?? 0, xml, challenges: digestChallenges(response.rawHeaders) });
        });
      },
    );
    request.on('error', reject);
    request.end(bytes);
  });
}

function digestChallenges(headers: readonly string[]): string[] {
  return headers.filter(
    (value, index) => index % 2 === 1 && headers[index - 1]?.toLowerCase() === 'www-authenticate' && value.startsWith('Digest'),
  );
}
