import { afterEach, describe, expect, test } from 'vitest';
import { silentLogger } from '#device/kernel/logger.ts';
import { SimulatedClock } from '#device/testing/simulated-clock.ts';
import { type ServiceAnnouncer, Services } from './services.ts';

const service = { name: 'Kerberos', port: 8080, txt: { path: '/' } };

describe('the services', () => {
  let stop = new AbortController();
  let running: Promise<void> = Promise.resolve();
  afterEach(async () => {
    stop.abort();
    await running;
  });

  function start(load: () => Promise<ServiceAnnouncer>) {
    const clock = new SimulatedClock();
    stop = new AbortController();
    const services = new Services({ clock, logger: silentLogger, service, load });
    running = services.run(stop.signal);
    return { clock, services };
  }

  function daemon() {
    const state = { isRunning: true, announced: [] as string[], fail: (_error: Error): void => {} };
    const announcer: ServiceAnnouncer = {
      announce: (type, _service, onError) => {
        if (!state.isRunning) throw new Error('dns service error: unknown');
        state.announced.push(type);
        state.fail = onError;
        return {
          stop: () => {
            state.announced = state.announced.filter((other) => other !== type);
          },
        };
      },
    };
    return { state, announcer };
  }

  test('are announced until the end', async () => {
    const { state, announcer } = daemon();
    const { clock, services } = start(async () => announcer);
    await clock.advance(0);
    expect(state.announced).toEqual(['http', 'kerberos']);
    expect(services.check().level).toBe('ok');
    stop.abort();
    await running;
    expect(state.announced).toEqual([]);
  });

  test('are made anew when the daemon drops them', async () => {
    const { state, announcer } = daemon();
    const { clock, services } = start(async () => announcer);
    await clock.advance(0);
    state.isRunning = false;
    state.fail(new Error('dns service error: unknown'));
    await clock.advance(10_000);
    expect(state.announced).toEqual([]);
    expect(services.check()).toMatchObject({ level: 'note', message: expect.stringContaining('avahi-daemon does not answer') });
    state.isRunning = true;
    await clock.advance(8000);
    expect(state.announced).toEqual(['http', 'kerberos']);
  });

  test('are tried less and less often while nobody answers', async () => {
    let attempts = 0;
    const { clock } = start(async () => {
      attempts += 1;
      throw new Error('dns service error: unknown');
    });
    await clock.advance(60_000);
    const inTheFirstMinute = attempts;
    await clock.advance(3_540_000);
    expect(inTheFirstMinute).toBeGreaterThan(3);
    expect(attempts).toBeLessThan(40);
  });

  test('whose name another program of this machine has are not blamed on the daemon', async () => {
    const { clock, services } = start(async () => ({
      announce: () => {
        throw new Error('dns service error: name conflict');
      },
    }));
    await clock.advance(0);
    expect(services.check()).toMatchObject({
      level: 'note',
      message: expect.stringContaining('has the same name already'),
      action: expect.stringContaining('another name'),
    });
  });

  test('that cannot be announced for want of the library are a note, not the end', async () => {
    const { clock, services } = start(async () => {
      throw new Error('libdns_sd.so.1: cannot open shared object file');
    });
    await clock.advance(20_000);
    expect(services.check()).toMatchObject({ level: 'note', message: expect.stringContaining('libdns_sd') });
  });
});
