import { afterEach, describe, expect, test } from 'vitest';
import { systemClock } from '#device/kernel/clock.ts';
import { Failure } from '#device/kernel/failure.ts';
import { silentLogger } from '#device/kernel/logger.ts';
import { FakeOnvifCamera, type FakeOnvifOptions } from '#device/testing/fake-onvif-camera.ts';
import { FakePullPoints } from '#device/testing/fake-pull-points.ts';
import type { Notice, NoticeSink } from '../ports.ts';
import { OnvifEventService } from './event-service.ts';
import { watchEvents } from './event-watch.ts';

/** Real HTTP and XML on the loopback; the camera is a fake of ours. */

const login = { username: 'admin', password: 'a good one' };
const streamUrl = 'rtsp://127.0.0.1/main?a=1&b=2';
const endings: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

/** Watches until the test ends; `told` is what came of it. */
async function watched(options: Omit<FakeOnvifOptions, 'username' | 'password'>, password = login.password) {
  const camera = await FakeOnvifCamera.start({ ...login, ...options });
  endings.push(() => camera.stop());
  const told: string[] = [];
  const sink: NoticeSink = {
    heard: (notices: readonly Notice[]) => told.push(...notices.map(({ kind, active }) => `${kind} ${active}`)),
    lost: () => void told.push('lost'),
    note: (note) => {
      if (note !== null) told.push(note);
    },
  };
  const stop = new AbortController();
  const service = () => new OnvifEventService({ clock: systemClock, streamUrl, login: { ...login, password, url: camera.url } });
  const done = watchEvents({ clock: systemClock, logger: silentLogger, random: () => 0.9, cameraId: 'yard', service, sink }, stop.signal);
  const end = async () => {
    stop.abort();
    await done;
  };
  endings.push(end);
  const until = async (isSo: () => boolean) => {
    for (let turn = 0; !isSo(); turn += 1) {
      if (turn > 400) throw new Error(`it did not come: ${told.join(', ')}`);
      await systemClock.sleep(20);
    }
  };
  return { camera, told, until, end };
}

describe('the own events of a network camera (a fake one)', () => {
  test('are heard as they happen, from how things are on, and given up in the end', async () => {
    const pullPoints = new FakePullPoints();
    pullPoints.say('RuleEngine/CellMotionDetector/Motion', 'IsMotion', 'true');
    pullPoints.say('Device/Trigger/DigitalInput', 'LogicalState', 'true', 'InputToken=1');
    const { told, until, end } = await watched({ pullPoints });
    await until(() => told.length === 1);
    pullPoints.say('RuleEngine/CellMotionDetector/Motion', 'IsMotion', 'false');
    await until(() => told.length === 2);
    pullPoints.say('Device/Trigger/DigitalInput', 'LogicalState', 'true', 'InputToken=1');
    pullPoints.happen('RuleEngine/LineDetector/Crossed', 'ObjectId', '15');
    pullPoints.say('Monitoring/ProcessorUsage', 'Value', '12');
    await until(() => told.length === 4);
    expect(told).toEqual(['motion true', 'motion false', 'input true', 'line moment']);
    expect(pullPoints.subscriptions).toBe(1);
    await end();
    expect(pullPoints.subscriptions).toBe(0);
    expect(pullPoints.asked).toEqual(['CreatePullPointSubscription', 'PullMessages', 'Unsubscribe']);
  });

  test('go on after it booted, and after more than one place in it was lost', async () => {
    const pullPoints = new FakePullPoints();
    const { told, until } = await watched({ pullPoints });
    for (const most of [1, 2]) {
      await until(() => pullPoints.subscriptions === 1 && pullPoints.asked.at(-1) === 'PullMessages');
      pullPoints.reboot();
      await until(() => told.length === most);
    }
    await until(() => pullPoints.subscriptions === 1);
    pullPoints.say('VideoSource/MotionAlarm', 'State', 'true');
    await until(() => told.length === 3);
    expect(told).toEqual(['lost', 'lost', 'motion true']);
  });

  test('are those of its own lens alone, where a device has several', async () => {
    const pullPoints = new FakePullPoints();
    const { told, until } = await watched({ pullPoints, hasSecondLens: true });
    await until(() => pullPoints.asked.includes('PullMessages'));
    pullPoints.say('VideoSource/MotionAlarm', 'State', 'true', 'Source=source2');
    pullPoints.say('RuleEngine/MyRuleDetector/PeopleDetect', 'State', 'true', 'VideoSourceConfigurationToken=v2');
    pullPoints.say('RuleEngine/MyRuleDetector/VehicleDetect', 'State', 'true', 'VideoSourceConfigurationToken=v');
    pullPoints.say('Device/Trigger/DigitalInput', 'LogicalState', 'true', 'InputToken=v2');
    await until(() => told.length === 2);
    expect(told).toEqual(['vehicle true', 'input true']);
  });

  test('are renewed before they end, by its clock, whatever time it has', async () => {
    const pullPoints = new FakePullPoints({ lifeMs: 5_000 });
    const { told, until } = await watched({ pullPoints });
    await until(() => pullPoints.asked.includes('Renew'));
    pullPoints.say('VideoSource/MotionAlarm', 'State', 'true');
    await until(() => told.length === 1);
    expect(told).toEqual(['motion true']);
  });

  test('are not asked for of a camera that has none, which says so', async () => {
    const { told, until } = await watched({});
    await until(() => told.length === 2);
    expect(told).toEqual(['lost', 'This camera tells nothing of what it notices itself: it has no events by ONVIF.']);
  });

  test('are not asked for again and again with a password that is wrong', async () => {
    const { told, until } = await watched({ pullPoints: new FakePullPoints() }, 'a bad one');
    await until(() => told.length === 2);
    expect(told[1]).toContain('does not accept this user name and password');
    await systemClock.sleep(300);
    expect(told).toHaveLength(2);
  });
});

describe('what answers for events like no camera ends the subscription and nothing else', () => {
  const envelope = (body: string) => `<s:Envelope xmlns:s="x"><s:Body>${body}</s:Body></s:Envelope>`;
  const message = '<NotificationMessage><Topic>tns1:VideoSource/MotionAlarm</Topic></NotificationMessage>';
  const subscribed = (address: string) =>
    envelope(
      `<CreatePullPointSubscriptionResponse><SubscriptionReference><Address>${address}</Address></SubscriptionReference></CreatePullPointSubscriptionResponse>`,
    );

  async function pulled(create: string, pull: string): Promise<unknown> {
    const camera = await FakeOnvifCamera.start({
      ...login,
      pullPoints: new FakePullPoints(),
      answer: (action) => ({ CreatePullPointSubscription: create, PullMessages: pull })[action] ?? null,
    });
    endings.push(() => camera.stop());
    const { signal } = new AbortController();
    const service = new OnvifEventService({ clock: systemClock, streamUrl, login: { ...login, url: camera.url } });
    return service.pull(await service.subscribe(60_000, signal), 1_000, signal);
  }

  test.each([
    ['no subscription', envelope('<CreatePullPointSubscriptionResponse/>'), ''],
    ['an address that is none', subscribed('javascript:alert(1)'), ''],
    ['another answer', subscribed('http://10.0.0.1/a'), envelope('<RenewResponse/>')],
    ['nothing', subscribed('http://10.0.0.1/a'), ''],
    ['a flood', subscribed('http://10.0.0.1/a'), envelope(`<PullMessagesResponse>${'x'.repeat(400_000)}</PullMessagesResponse>`)],
    ['endless depth', subscribed('http://10.0.0.1/a'), '<a>'.repeat(60_000)],
  ])('%s', async (_, create, pull) => {
    const [result] = await Promise.allSettled([pulled(create, pull)]);
    expect(result).toMatchObject({ status: 'rejected', reason: expect.any(Failure) });
  });

  test.each([
    ['text for messages', envelope('<PullMessagesResponse>hello</PullMessagesResponse>')],
    ['messages without a message', envelope(`<PullMessagesResponse>${message.repeat(100)}</PullMessagesResponse>`)],
    ['messages that are text', envelope('<PullMessagesResponse><NotificationMessage>x</NotificationMessage></PullMessagesResponse>')],
  ])('and of %s nothing is made', async (_, pull) => {
    expect(await pulled(subscribed('http://10.0.0.1/a'), pull)).toEqual([]);
  });
});
