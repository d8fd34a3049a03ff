import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { cameraSchema, eventSchema, recordingSchema, relaySchema } from '#device/contract/contract.ts';
import { AssembledDevice } from '#device/testing/assembled-device.ts';
import { FakeOnvifCamera } from '#device/testing/fake-onvif-camera.ts';
import { FakePullPoints } from '#device/testing/fake-pull-points.ts';
import { type RtspServer, startRtspServer } from '#device/testing/rtsp-server.ts';

/** The whole device with real video of a still scene; what the camera says of itself comes from a fake. */

const login = { username: 'admin', password: 'a good one' };
const eventsSchema = z.object({ events: z.array(eventSchema) });
const recordingsSchema = z.object({ recordings: z.array(recordingSchema) });
let device: AssembledDevice;
let video: RtspServer;
let onvif: FakeOnvifCamera;
let pullPoints: FakePullPoints;

beforeEach(async () => {
  pullPoints = new FakePullPoints();
  onvif = await FakeOnvifCamera.start({ ...login, pullPoints, relays: [{ token: 'gate', mode: 'Bistable', delayTime: 'PT0S' }] });
  video = await startRtspServer({ mounts: [{ path: '/main', codec: 'h264', pattern: 'blue' }], login: { method: 'digest', ...login } });
  device = await AssembledDevice.start();
  await device.enter();
}, 60_000);

afterEach(async () => {
  await device.remove();
  await video.stop();
  await onvif.stop();
});

describe('a network camera that notices something itself', { timeout: 90_000 }, () => {
  test('records it, with what was before it, and it is an event of its own kind', async () => {
    const source = { kind: 'rtsp', url: video.url('/main'), ...login, onvifUrl: onvif.url };
    const camera = { name: 'Yard', source, motion: { enabled: false }, recording: { postRollMs: 1_000 } };
    await device.json(cameraSchema, 'POST', '/api/cameras', camera);
    const status = async () => (await device.json(cameraSchema, 'GET', '/api/cameras/yard')).status;
    await device.until('the camera is online', async () => (await status()).state === 'online');
    expect(pullPoints.asked).toEqual([]);
    await device.json(cameraSchema, 'PATCH', '/api/cameras/yard', { notices: { enabled: true } });
    await device.until('the device listens', async () => pullPoints.asked.includes('PullMessages'));
    await device.until('there is something to look back at', async () => ((await status()).stream?.keyIntervalMs ?? 0) > 0);

    const saidMs = Date.now();
    pullPoints.say('RuleEngine/MyRuleDetector/PeopleDetect', 'State', 'true');
    await device.until('it records', async () => (await status()).recordingNow && (await status()).motionNow);
    const [begun] = (await device.json(eventsSchema, 'GET', '/api/events?camera=yard&kind=noticed.person')).events;
    expect(begun).toMatchObject({ end: null, message: 'The camera itself noticed a person.' });
    await device.until('its picture is made', async () => {
      const { events } = await device.json(eventsSchema, 'GET', '/api/events?kind=noticed.person');
      return events[0]?.hasPicture === true;
    });
    pullPoints.say('RuleEngine/MyRuleDetector/PeopleDetect', 'State', 'false');
    const recorded = async () => (await device.json(recordingsSchema, 'GET', '/api/recordings?camera=yard')).recordings;
    await device.until('it is over', async () => (await recorded())[0]?.state === 'closed');

    const recordings = await recorded();
    expect(recordings).toMatchObject([{ trigger: 'motion', state: 'closed' }]);
    expect(Date.parse(recordings[0]?.start ?? '')).toBeLessThan(saidMs);
    const { events } = await device.json(eventsSchema, 'GET', '/api/events?kind=noticed.person');
    expect(events).toMatchObject([{ recordingId: recordings[0]?.id }]);
    expect(events[0]?.end).not.toBeNull();

    expect(await device.json(relaySchema, 'PUT', '/api/cameras/yard/relays/gate/on', { on: true })).toMatchObject({ on: true });
    expect(onvif.done).toEqual(['relay gate active']);
    await device.until('it is written down who switched it', async () => {
      const switched = await device.json(eventsSchema, 'GET', '/api/events?camera=yard&kind=pin.output');
      return switched.events[0]?.message === 'Output gate of the camera was switched on by owner.';
    });

    await device.json(cameraSchema, 'PATCH', '/api/cameras/yard', { notices: { enabled: false } });
    await device.until('the place in the camera is given back', async () => pullPoints.subscriptions === 0);
    expect(device.log()).not.toContain(login.password);
  });
});
