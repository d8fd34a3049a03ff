import { Hono } from 'hono';
import { z } from 'zod';
import {
  forgetNetworkSchema,
  joinNetworkSchema,
  networkSchema,
  peerSchema,
  wifiJoinSchema,
  wifiNetworkSchema,
} from '#device/contract/contract.ts';
import { door } from './door.ts';
import type { ApiEnv } from './environment.ts';
import type { ApiDeps, NetworkPort } from './ports.ts';
import { validate } from './validate.ts';

const tag = 'Network';
const networksSchema = z.object({ networks: z.array(wifiNetworkSchema) }).meta({ id: 'WifiNetworks' });
const peersSchema = z.object({ peers: z.array(peerSchema) }).meta({ id: 'Peers' });

export function networkRoutes({ network }: ApiDeps) {
  return new Hono<ApiEnv>()
    .get(
      '/',
      door({
        scope: 'view',
        tag,
        summary: 'How the device is connected',
        description: 'And what became of the newest wish to join a Wi-Fi network.',
        answers: { 200: { description: 'The network', schema: networkSchema } },
      }),
      async (c) => c.json(await network.describe(), 200),
    )
    .get(
      '/peers',
      door({
        scope: 'view',
        tag,
        summary: 'Devices of this kind on the same network',
        answers: { 200: { description: 'Devices', schema: peersSchema } },
      }),
      (c) => c.json({ peers: network.peers() }, 200),
    )
    .route('/', wifiRoutes(network));
}

function wifiRoutes(network: NetworkPort) {
  return new Hono<ApiEnv>()
    .post(
      '/scan',
      door({
        scope: 'admin',
        tag,
        summary: 'Listen for Wi-Fi networks',
        description: 'Takes some seconds. Strongest first.',
        answers: { 200: { description: 'Networks in reach', schema: networksSchema } },
      }),
      async (c) => c.json({ networks: await network.scan() }, 200),
    )
    .post(
      '/join',
      door({
        scope: 'admin',
        tag,
        summary: 'Join a Wi-Fi network',
        description:
          'Answers when it has begun: `GET /api/network` tells what becomes of it. A network that gives no address or whose router does not answer is left again within a minute, and the one before comes back.',
        answers: { 202: { description: 'Begun', schema: wifiJoinSchema } },
      }),
      validate('json', joinNetworkSchema),
      async (c) => c.json(await network.join(c.req.valid('json')), 202),
    )
    .post(
      '/forget',
      door({
        scope: 'admin',
        tag,
        summary: 'Forget a Wi-Fi network',
        description: 'Its passphrase is deleted. When it is the one in use, it is left.',
        answers: { 204: { description: 'Forgotten' } },
      }),
      validate('json', forgetNetworkSchema),
      async (c) => {
        await network.forget(c.req.valid('json').ssid);
        return c.body(null, 204);
      },
    );
}
