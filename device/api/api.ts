import { Hono } from 'hono';
import { Failure } from '#device/kernel/failure.ts';
import { cameraMediaRoutes } from './camera-media.ts';
import { cameraRoutes } from './cameras.ts';
import { captivePortal } from './captive.ts';
import { claimRoutes } from './claim.ts';
import { controlRoutes } from './controls.ts';
import { deviceCommandRoutes } from './device-commands.ts';
import { discoveryRoutes } from './discovery.ts';
import { diskRoutes } from './disks.ts';
import type { ApiEnv, WithErrors } from './environment.ts';
import { errorAnswer } from './error-answer.ts';
import { eventRoutes } from './events.ts';
import { guard } from './guard.ts';
import { healthRoutes } from './health.ts';
import { metricsRoutes } from './metrics.ts';
import { networkRoutes } from './network.ts';
import { openApiRoutes } from './openapi.ts';
import { pinRoutes } from './pins.ts';
import type { ApiDeps } from './ports.ts';
import { ptzRoutes } from './ptz.ts';
import { recordingRoutes } from './recordings.ts';
import { referenceRoutes } from './reference.ts';
import { relayRoutes } from './relays.ts';
import { requestTime } from './request-time.ts';
import { securityHeaders } from './security-headers.ts';
import { sessionRoutes } from './session.ts';
import { settingsRoutes } from './settings.ts';
import { sizeLimit } from './size-limit.ts';
import { portalFiles } from './static.ts';
import { systemRoutes } from './system.ts';
import { timeLapseRoutes } from './time-lapse.ts';
import { tokenRoutes } from './tokens.ts';

const answerWithinMs = 60_000;
/** Each takes in the bare path too: `/api` and `/metrics`. */
const guardedPaths = ['/api/*', '/metrics/*'];

/** All routes of the device, behind the guard, and the portal's files. Does nothing until the first request. */
export function createApi(deps: ApiDeps) {
  const app = new Hono<ApiEnv>();
  app.onError((error, c) => errorAnswer(c, error, deps.logger));
  app.use(securityHeaders());
  app.use(captivePortal(deps));
  for (const path of guardedPaths) app.use(path, requestTime(deps.clock, answerWithinMs), guard(deps), sizeLimit());
  const routes = app
    .route('/api/claim', claimRoutes(deps))
    .route('/api/session', sessionRoutes(deps))
    .route('/api/tokens', tokenRoutes(deps))
    .route('/api/cameras', cameraRoutes(deps))
    .route('/api/cameras', cameraMediaRoutes(deps))
    .route('/api/cameras', controlRoutes(deps))
    .route('/api/cameras', ptzRoutes(deps))
    .route('/api/cameras', relayRoutes(deps))
    .route('/api/cameras', timeLapseRoutes(deps))
    .route('/api/discovery', discoveryRoutes(deps))
    .route('/api/recordings', recordingRoutes(deps))
    .route('/api/events', eventRoutes(deps))
    .route('/api/settings', settingsRoutes(deps))
    .route('/api/system', systemRoutes(deps))
    .route('/api/system/disks', diskRoutes(deps))
    .route('/api/pins', pinRoutes(deps))
    .route('/api/network', networkRoutes(deps))
    .route('/api/system', deviceCommandRoutes(deps))
    .route('/api/health', healthRoutes(deps))
    .route('/metrics', metricsRoutes(deps))
    .route('/api/openapi.json', openApiRoutes(app, deps.version))
    .route('/api/reference', referenceRoutes());
  for (const path of guardedPaths) app.all(path, () => notFound());
  app.get('*', portalFiles(deps));
  app.notFound((c) => errorAnswer(c, new Failure('not-found', 'There is nothing at this address.'), deps.logger));
  return routes;
}

function notFound(): never {
  throw new Failure('not-found', 'There is nothing at this address.');
}

/** For `hc<Api>`: every route, its answers, and ApiError whenever a response is not ok. */
export type Api = WithErrors<ReturnType<typeof createApi>>;
