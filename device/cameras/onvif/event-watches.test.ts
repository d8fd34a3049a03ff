import { describe, expect, test } from 'vitest';
import { silentLogger } from '#device/kernel/logger.ts';
import { SimulatedClock } from '#device/testing/simulated-clock.ts';
import type { NoticeSink } from '../ports.ts';
import type { EventService } from './event-service.ts';
import { EventWatches, type WatchedCamera } from './event-watches.ts';

const sink = (): NoticeSink => ({ heard: () => {}, lost: () => {}, note: () => {} });

function watched(id: string, more: Partial<WatchedCamera> = {}): WatchedCamera {
  return {
    id,
    sink: sink(),
    streamUrl: `rtsp://${id}/1`,
    login: { url: `http://${id}/onvif`, username: 'admin', password: 'word' },
    ...more,
  };
}

function stage() {
  const clock = new SimulatedClock();
  const told: string[] = [];
  let cameras: WatchedCamera[] = [];
  const service = ({ id }: WatchedCamera): EventService => ({
    subscribe: async () => {
      told.push(`${id} heard`);
      return { address: '', path: '', axisId: null, lifeMs: 120_000 };
    },
    pull: async (_subscription, waitMs, signal) => {
      await clock.sleep(waitMs, signal);
      return [];
    },
    renew: async () => 120_000,
    unsubscribe: async () => void told.push(`${id} given back`),
  });
  const stop = new AbortController();
  const watches = new EventWatches({ clock, logger: silentLogger, random: () => 0, cameras: () => cameras, service });
  const done = watches.run(stop.signal);
  const want = async (...wanted: WatchedCamera[]) => {
    cameras = wanted;
    await clock.advance(1_000);
    return told.splice(0);
  };
  return { want, told, stop, done };
}

describe('the watches of cameras', () => {
  test('begin and end with what is wanted, each for itself', async () => {
    const { want } = stage();
    const [yard, gate] = [watched('yard'), watched('gate')];
    expect(await want(yard)).toEqual(['yard heard']);
    expect(await want({ ...yard }, gate)).toEqual(['gate heard']);
    expect(await want(gate)).toEqual(['yard given back']);
  });

  test('begin anew with another login, another picture, or when the camera was opened anew', async () => {
    const { want } = stage();
    const yard = watched('yard');
    await want(yard);
    const changes = [{ login: { ...yard.login, password: 'other' } }, { streamUrl: 'rtsp://yard/2' }, { sink: sink() }];
    for (const change of changes) expect((await want({ ...yard, ...change })).toSorted()).toEqual(['yard given back', 'yard heard']);
  });

  test('give every place back in the end', async () => {
    const { want, told, stop, done } = stage();
    await want(watched('yard'), watched('gate'));
    stop.abort();
    await done;
    expect(told.toSorted()).toEqual(['gate given back', 'yard given back']);
  });
});
