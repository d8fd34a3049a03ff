import { type Asked, answerJson, type LoopbackServer, serveLoopback } from './loopback-server.ts';

/** A stand-in for the part of balena's API that a device's own key may use: its routes and shapes, for one device of one fleet. */
export interface FakeFleet {
  url: string;
  asked: Asked[];
  device: { id: number; uuid: string; device_name: string; is_pinned_on__release: number | null };
  tags: Map<string, string>;
  /** Release ids by commit. */
  releases: Map<string, number>;
  /** Commit that the fleet's devices are to run. */
  wanted: string;
  /** As when there is no way to it: connections are cut. */
  isAway: boolean;
  close(): Promise<void>;
}

export const deviceUuid = '0123456789abcdef0123456789abcdef';
export const deviceKey = 'device-key';
const fleetId = 7;

type State = Omit<FakeFleet, keyof LoopbackServer>;

export async function fakeFleet(): Promise<FakeFleet> {
  const state: State = {
    device: { id: 1, uuid: deviceUuid, device_name: 'still-dawn', is_pinned_on__release: null },
    tags: new Map(),
    releases: new Map(),
    wanted: '',
    isAway: false,
  };
  const server = await serveLoopback((asked, response) => {
    if (state.isAway) return void response.socket?.destroy();
    if (asked.headers.authorization !== `Bearer ${deviceKey}`) return void response.writeHead(401).end('Unauthorized');
    const { status, body } = answerOf(state, asked);
    answerJson(response, status, body);
  });
  return Object.assign(state, server);
}

function answerOf(state: State, asked: Asked): { status: number; body: unknown } {
  const { method, path, body } = asked;
  const rows = (...found: unknown[]) => ({ status: 200, body: { d: found } });
  if (path.startsWith('/v7/device_tag')) return tagAnswer(state, asked);
  if (path.startsWith(`/v7/device(uuid='${deviceUuid}')`) || path.includes(`uuid eq '${deviceUuid}'`)) return rows(deviceRow(state));
  if (method === 'PATCH' && path === '/v7/device?$filter=id in (1)') {
    Object.assign(state.device, body);
    return { status: 200, body: 'OK' };
  }
  if (path.startsWith(`/v7/application(${fleetId})`)) return rows({ id: fleetId, should_be_running__release: [{ commit: state.wanted }] });
  const commit = /^\/v7\/release\?.*commit eq '(\w+)'/.exec(path)?.[1];
  const id = commit === undefined ? undefined : state.releases.get(commit);
  if (id !== undefined) return rows({ id });
  if (path.startsWith('/v7/')) return rows();
  return { status: 404, body: {} };
}

function deviceRow({ device, releases, wanted }: State): object {
  const pinned = [...releases].find(([, id]) => id === device.is_pinned_on__release)?.[0];
  return {
    ...device,
    is_pinned_on__release: device.is_pinned_on__release === null ? null : { __id: device.is_pinned_on__release },
    belongs_to__application: { __id: fleetId },
    should_be_running__release: [{ commit: pinned ?? wanted }],
  };
}

/** A tag that is there is not made again: the library then changes it. */
function tagAnswer({ tags }: State, { method, path, body }: Asked): { status: number; body: unknown } {
  if (method === 'GET') return { status: 200, body: { d: [...tags].map(([tag_key, value], id) => ({ id, tag_key, value })) } };
  const given = { tag_key: /tag_key eq '([^']+)'/.exec(path)?.[1] ?? '', value: '', ...(body as object) };
  if (method === 'POST' && tags.has(given.tag_key)) return { status: 409, body: '"device" and "tag_key" must be unique.' };
  tags.set(given.tag_key, given.value);
  return method === 'POST' ? { status: 201, body: { id: tags.size } } : { status: 200, body: 'OK' };
}
