import { describe, expect, test } from 'vitest';
import { Failure } from '#device/kernel/failure.ts';
import { silentLogger } from '#device/kernel/logger.ts';
import { SimulatedClock } from '#device/testing/simulated-clock.ts';
import type { Notification } from './event-answers.ts';
import type { EventService, Subscription } from './event-service.ts';
import { watchEvents } from './event-watch.ts';

const gone = new Failure('camera-unreachable', 'The camera does not answer questions about itself.');
const refused = new Failure('camera-refused', 'The camera does not do what was asked of it.', { action: 'It may not know this.' });
const motion: Notification = {
  topic: 'VideoSource/MotionAlarm',
  operation: 'Changed',
  source: new Map(),
  data: new Map([['State', 'true']]),
};

/** A camera whose answers the test decides, and which waits as long as it is asked to. */
class PlayedCamera implements EventService {
  readonly asked: string[] = [];
  lifeMs = 120_000;
  trouble: Partial<Record<'subscribe' | 'pull' | 'renew', Failure>> = {};
  answersAtOnce = false;
  readonly #clock: SimulatedClock;
  #waiting: Notification[] = [];

  constructor(clock: SimulatedClock) {
    this.#clock = clock;
  }

  async subscribe(askedMs: number): Promise<Subscription> {
    this.#ask('subscribe', `for ${askedMs / 1000} s`);
    return { address: 'http://camera/1', path: '/1', axisId: null, lifeMs: this.lifeMs };
  }

  async pull(_subscription: Subscription, waitMs: number, signal: AbortSignal): Promise<Notification[]> {
    this.#ask('pull', '');
    if (this.#waiting.length === 0 && !this.answersAtOnce) await this.#clock.sleep(waitMs, signal);
    return this.#waiting.splice(0);
  }

  async renew(): Promise<number> {
    this.#ask('renew', '');
    return this.lifeMs;
  }

  async unsubscribe(): Promise<void> {
    this.asked.push(`${this.#seconds} unsubscribe`);
  }

  say(notification: Notification): void {
    this.#waiting.push(notification);
  }

  get #seconds(): number {
    return Math.round(this.#clock.boot() / 1000);
  }

  #ask(question: 'subscribe' | 'pull' | 'renew', more: string): void {
    this.asked.push(`${this.#seconds} ${question} ${more}`.trim());
    const trouble = this.trouble[question];
    if (trouble) throw trouble;
  }
}

function stage(manner: Partial<Pick<PlayedCamera, 'lifeMs' | 'trouble' | 'answersAtOnce'>> = {}) {
  const clock = new SimulatedClock();
  const camera = Object.assign(new PlayedCamera(clock), manner);
  const told: string[] = [];
  let note: string | null = null;
  const stop = new AbortController();
  const done = watchEvents(
    {
      clock,
      logger: silentLogger,
      random: () => 0,
      cameraId: 'yard',
      service: () => camera,
      sink: {
        heard: (notices) => told.push(...notices.map(({ kind, active }) => `${kind} ${active}`)),
        lost: () => void told.push('lost'),
        note: (next) => {
          note = next;
        },
      },
    },
    stop.signal,
  );
  const except = (question: string) => camera.asked.filter((line) => !line.includes(question));
  return { clock, camera, told, note: () => note, stop, done, except };
}

describe('the watch of the own events of a camera', () => {
  test('subscribes once, asks again and again, renews in time and gives the place back', async () => {
    const { clock, camera, told, stop, done, except } = stage();
    await clock.advance(70_000);
    camera.say(motion);
    await clock.advance(80_000);
    stop.abort();
    await done;
    expect(told[0]).toBe('motion true');
    expect(except('pull')).toEqual(['0 subscribe for 120 s', '60 renew', '120 renew', '150 unsubscribe']);
    expect(camera.asked.filter((line) => line.includes('pull')).length).toBeLessThan(12);
  });

  test('asks more often of a camera that gives little time, and never without a pause', async () => {
    const short = stage({ lifeMs: 9_000 });
    await short.clock.advance(10_000);
    expect(short.except('pull')).toEqual(['0 subscribe for 120 s', '6 renew']);
    const hasty = stage({ answersAtOnce: true });
    await hasty.clock.advance(10_000);
    expect(hasty.camera.asked.filter((line) => line.includes('pull'))).toHaveLength(11);
  });

  test('goes on with a camera that knows no renewal for as long as it answers', async () => {
    const { clock, camera, except, note } = stage();
    camera.trouble.renew = refused;
    await clock.advance(600_000);
    expect(except('pull')).toEqual(['0 subscribe for 120 s', '60 renew']);
    expect(note()).toBeNull();
  });

  test('subscribes anew when the subscription is lost, soon the first time and ever more seldom', async () => {
    const { clock, camera, told, note } = stage();
    await clock.advance(5_000);
    camera.trouble = { pull: refused };
    await clock.advance(1_000_000);
    const subscribed = camera.asked.filter((line) => line.includes('subscribe for')).map((line) => Number(line.split(' ')[0]));
    expect(subscribed.slice(0, 5)).toEqual([0, 21, 23, 27, 35]);
    expect(subscribed.slice(1).every((at, index, all) => at - (all[index - 1] ?? at) <= 300)).toBe(true);
    expect(subscribed.length).toBeLessThan(13);
    expect(told.every((line) => line === 'lost')).toBe(true);
    expect(note()).toBe('What the camera notices itself is not heard. The camera does not do what was asked of it. It may not know this.');
    camera.trouble = {};
    camera.say(motion);
    await clock.advance(300_000);
    expect([told.at(-1), note()]).toEqual(['motion true', null]);
  });

  test('says nothing of a camera that reboots, and does not say farewell to one that is gone', async () => {
    const { clock, camera, told, note, except } = stage();
    await clock.advance(1_000);
    camera.trouble = { pull: gone, subscribe: gone };
    await clock.advance(21_000);
    expect(note()).toBeNull();
    expect(told).toEqual(['lost', 'lost']);
    camera.trouble = {};
    await clock.advance(5_000);
    expect(except('pull')).toEqual(['0 subscribe for 120 s', '21 subscribe for 120 s', '23 subscribe for 120 s']);
  });

  test('leaves a camera without events alone, says so, and tries again much later', async () => {
    const { clock, camera, note } = stage({ trouble: { subscribe: new Failure('not-found', 'This camera cannot do that.') } });
    await clock.advance(1_700_000);
    expect(camera.asked).toHaveLength(1);
    expect(note()).toContain('it has no events by ONVIF');
    camera.trouble = {};
    await clock.advance(200_000);
    expect(note()).toBeNull();
  });

  test('does not try out a wrong password until the camera locks it out, but goes on after one that was right', async () => {
    const wrong = new Failure('camera-wrong-password', 'The camera does not accept this user name and password.');
    const first = stage({ trouble: { subscribe: wrong } });
    await first.clock.advance(1_700_000);
    expect(first.camera.asked).toHaveLength(1);
    const later = stage();
    await later.clock.advance(10_000);
    later.camera.trouble = { pull: wrong };
    await later.clock.advance(10_500);
    later.camera.trouble = {};
    later.camera.say(motion);
    await later.clock.advance(5_000);
    expect(later.told.at(-1)).toBe('motion true');
  });
});
