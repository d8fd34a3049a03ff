import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export interface Asked {
  method: string;
  /** Decoded, with its question. */
  path: string;
  body: unknown;
  headers: IncomingMessage['headers'];
}

export interface LoopbackServer {
  url: string;
  asked: Asked[];
  close(): Promise<void>;
}

/** A real server on loopback that answers as a test says. */
export async function serveLoopback(answer: (asked: Asked, response: ServerResponse) => void): Promise<LoopbackServer> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    request.on('end', () => {
      const one = {
        method: request.method ?? '',
        path: decodeURIComponent(request.url ?? ''),
        body: text === '' ? null : (JSON.parse(text) as unknown),
        headers: request.headers,
      };
      asked.push(one);
      answer(one, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export function answerJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}
