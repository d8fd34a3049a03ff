import { Hono } from 'hono';
import { door } from './door.ts';
import type { ApiEnv } from './environment.ts';
import type { ApiDeps } from './ports.ts';

const prometheusText = 'text/plain; version=0.0.4; charset=utf-8';

export function metricsRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>().get(
    '/',
    door({
      scope: 'metrics',
      tag: 'Device',
      summary: 'Measurements for Prometheus',
      answers: { 200: { description: 'Prometheus text format', media: 'text/plain' } },
    }),
    async (c) => c.body(await deps.metrics.render(), 200, { 'content-type': prometheusText }),
  );
}
