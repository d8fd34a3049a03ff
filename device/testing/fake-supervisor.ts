import { type Asked, answerJson, serveLoopback } from './loopback-server.ts';

/** A stand-in for balenaOS's supervisor: its routes, statuses and bodies as they are in its source; it does nothing. */
export interface FakeSupervisor {
  url: string;
  asked: Asked[];
  /** What `/v1/device` answers; a test changes it. */
  device: Record<string, unknown>;
  /** As if the update lock were taken. */
  isLocked: boolean;
  close(): Promise<void>;
}

export const supervisorKey = 'supervisor-key';

export async function fakeSupervisor(): Promise<FakeSupervisor> {
  const state: Pick<FakeSupervisor, 'device' | 'isLocked'> = {
    device: {
      api_port: 48484,
      commit: 'c0ffee',
      status: 'Idle',
      download_progress: null,
      os_version: 'balenaOS 6.4.0',
      update_pending: false,
      update_downloaded: false,
      update_failed: false,
    },
    isLocked: false,
  };
  const server = await serveLoopback(({ method, path, headers }, response) => {
    if (path === '/ping') return response.end('OK');
    if (headers.authorization !== `Bearer ${supervisorKey}`) return response.writeHead(401).end();
    switch (`${method} ${path}`) {
      case 'GET /v1/device':
        return answerJson(response, 200, state.device);
      case 'POST /v1/update':
        return response.writeHead(204).end();
      case 'POST /v1/blink':
        return response.writeHead(200).end();
      case 'POST /v1/restart':
        return answerJson(response, 200, 'OK');
      case 'POST /v1/reboot':
      case 'POST /v1/shutdown':
        if (state.isLocked) return answerJson(response, 423, { Data: '', Error: 'Updates are locked: updates.lock exists' });
        return answerJson(response, 202, { Data: 'OK', Error: null });
      default:
        return response.writeHead(404).end();
    }
  });
  return Object.assign(state, server);
}
