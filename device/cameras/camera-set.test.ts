import { describe, expect, test } from 'vitest';
import { silentLogger } from '#device/kernel/logger.ts';
import { cameraConfig } from '#device/testing/camera-config.ts';
import { SimulatedClock } from '#device/testing/simulated-clock.ts';
import { CameraSet } from './camera-set.ts';
import type { CameraPipeline } from './pipeline.ts';

function stage() {
  const clock = new SimulatedClock();
  const told: string[] = [];
  const faulty = new Set<string>();
  const set = new CameraSet({
    clock,
    logger: silentLogger,
    onRemoved: (id) => void told.push(`${id} removed`),
    pipeline: (config) => {
      const made: Pick<CameraPipeline, 'config' | 'run' | 'tick' | 'apply'> = {
        config,
        run: async (signal) => {
          told.push(`${config.id} runs`);
          await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
          told.push(`${config.id} closed`);
        },
        tick: () => {
          if (faulty.has(config.id)) throw new Error('a fault of one camera');
          told.push(`${config.id} ticks`);
        },
        apply: () => {},
      };
      return made as CameraPipeline;
    },
  });
  return { clock, told, faulty, set };
}

describe('the cameras that run', () => {
  test('tick each on its own: the fault of one ends nothing', async () => {
    const { clock, told, faulty, set } = stage();
    await set.reconcile([cameraConfig('front'), cameraConfig('yard')]);
    const stop = new AbortController();
    const ended = set.run(stop.signal);
    faulty.add('front');
    await clock.advance(2_000);
    expect(told.filter((what) => what === 'yard ticks')).toHaveLength(2);
    stop.abort();
    await ended;
    expect(told).toEqual(expect.arrayContaining(['front closed', 'yard closed']));
  });

  test('are not started any more by a change that comes while the device stops', async () => {
    const { told, set } = stage();
    await set.reconcile([cameraConfig('front')]);
    const stop = new AbortController();
    const ended = set.run(stop.signal);
    stop.abort();
    const late = set.reconcile([cameraConfig('front'), cameraConfig('yard')]);
    await ended;
    await late;
    await set.reconcile([cameraConfig('front'), cameraConfig('yard')]);
    expect(told).not.toContain('yard runs');
    expect(set.pipelines()).toEqual([]);
  });
});
