import { afterEach, describe, expect, test } from 'vitest';
import type { CameraSource } from '#device/contract/contract.ts';
import { systemClock } from '#device/kernel/clock.ts';
import { FakeOnvifCamera, type FakeOnvifOptions, probeMatch } from '#device/testing/fake-onvif-camera.ts';
import { networkFinder } from '../discovery/network-finder.ts';
import { NetworkCameras } from './network-cameras.ts';

const { signal } = new AbortController();
const login = { username: 'admin', password: 'a good one' };
const started: FakeOnvifCamera[] = [];

async function fake(options: FakeOnvifOptions = {}): Promise<FakeOnvifCamera> {
  const camera = await FakeOnvifCamera.start({ ...login, ...options });
  started.push(camera);
  return camera;
}

afterEach(async () => {
  await Promise.all(started.splice(0).map((camera) => camera.stop()));
});

function cameras(camera: FakeOnvifCamera, more: Partial<Extract<CameraSource, { kind: 'rtsp' }>> = {}): NetworkCameras {
  return new NetworkCameras({
    clock: systemClock,
    source: () => ({ kind: 'rtsp', url: 'rtsp://127.0.0.1/main', transport: 'tcp', onvifUrl: camera.url, ...login, ...more }),
  });
}

const refusal = { status: 'rejected' as const };

describe('a network camera (a fake one)', () => {
  test('is found by asking, once however often it answers', async () => {
    const camera = await fake();
    camera.onProbe((id, url) => probeMatch(id, url, 'onvif://www.onvif.org/name/Yard'));
    camera.onProbe(() => Buffer.from('<!DOCTYPE nonsense>'));
    const finder = networkFinder({ clock: systemClock, addresses: () => ['127.0.0.1'], target: camera.discoveryTarget, listenMs: 700 });
    const found = await finder.find(signal);
    expect(found).toEqual([
      expect.objectContaining({ kind: 'network', name: 'Yard', onvifUrl: camera.url, source: null, hasPicture: false }),
    ]);
    expect(found[0]?.isSource({ kind: 'rtsp', url: 'rtsp://127.0.0.1:554/x', transport: 'tcp' })).toBe(true);
    expect(found[0]?.isSource({ kind: 'rtsp', url: 'rtsp://192.168.1.9/x', transport: 'tcp' })).toBe(false);
  });

  test('tells its streams to who knows its login, on the host that was asked and nowhere else', async () => {
    const camera = await fake();
    const told = await cameras(camera).describe({ url: camera.url, ...login }, signal);
    expect(told).toEqual({
      manufacturer: 'Maker',
      model: 'Dome 4',
      firmware: '1.20',
      serial: '0042',
      profiles: [
        { name: 'jpeg stream', width: 2560, height: 1440, encoding: 'JPEG' },
        { name: 'main stream', width: 1920, height: 1080, encoding: 'H264' },
        { name: 'small stream', width: 640, height: 360, encoding: 'H264' },
      ],
      source: {
        kind: 'rtsp',
        url: 'rtsp://127.0.0.1:554/main?a=1&b=2',
        subUrl: 'rtsp://127.0.0.1:554/small?a=1&b=2',
        transport: 'tcp',
        username: 'admin',
        onvifUrl: camera.url,
      },
      canMove: true,
    });
    expect(JSON.stringify(told)).not.toContain(login.password);
  });

  test('tells nothing to who does not, and says so', async () => {
    const camera = await fake();
    await expect(cameras(camera).describe({ url: camera.url, ...login, password: 'wrong' }, signal)).rejects.toMatchObject({
      kind: 'camera-wrong-password',
    });
  });

  test('that is not there is unreachable', async () => {
    const camera = await fake();
    const { url } = camera;
    await camera.stop();
    started.length = 0;
    await expect(cameras(camera, { onvifUrl: url }).describe({ url, ...login }, signal)).rejects.toMatchObject({
      kind: 'camera-unreachable',
    });
  });

  test('turns for a moment and stops, goes to places and remembers new ones, whatever their names', async () => {
    const camera = await fake();
    const room = cameras(camera);
    expect(await room.ptz('yard', signal)).toEqual({ canMove: true, presets: [{ id: '1', name: 'Door & gate' }] });
    await room.move('yard', { pan: 0.5, tilt: -1, zoom: 0, durationMs: 50 }, signal);
    await room.goTo('yard', '1', signal);
    expect(camera.done).toEqual(['move 0.5 -1 for PT0.05S', 'stop', 'go to 1']);
    const { presets } = await room.addPreset('yard', 'A<b>&c', signal);
    expect(presets.at(-1)).toEqual({ id: '2', name: 'A<b>&c' });
    expect((await room.removePreset('yard', '2', signal)).presets).toHaveLength(1);
  });

  test('has picture settings that are set in it', async () => {
    const room = cameras(await fake());
    expect((await room.controls('yard', signal)).map(({ id, value }) => [id, value])).toEqual([
      ['brightness', 50],
      ['ir_cut_filter', 0],
    ]);
    expect((await room.setControl('yard', { id: 'brightness', value: 0 }, signal))[0]?.value).toBe(0);
    await expect(room.setControl('yard', { id: 'brightness', value: 101 }, signal)).rejects.toMatchObject({ kind: 'invalid-input' });
  });

  test('stops also when nobody waits for it any more, whether it has answered or not', async () => {
    const gone = new AbortController();
    const camera = await fake({
      answer: (action) => {
        if (action === 'ContinuousMove') gone.abort();
        return null;
      },
    });
    await expect(cameras(camera).move('yard', { pan: 1, tilt: 0, zoom: 0, durationMs: 5_000 }, gone.signal)).rejects.toThrow();
    expect(camera.done).toEqual(['move 1 0 for PT5S', 'stop']);

    const leaving = new AbortController();
    const moving = cameras(camera).move('yard', { pan: -1, tilt: 0, zoom: 0, durationMs: 5_000 }, leaving.signal);
    while (camera.done.length < 3) await Promise.race([moving, systemClock.sleep(10)]);
    leaving.abort();
    await Promise.allSettled([moving]);
    expect(camera.done.slice(2)).toEqual(['move -1 0 for PT5S', 'stop']);
  });

  test('that cannot turn says so, and so does one without ONVIF', async () => {
    const camera = await fake({ canMove: false });
    expect(await cameras(camera).ptz('yard', signal)).toEqual({ canMove: false, presets: [] });
    await expect(cameras(camera).goTo('yard', '1', signal)).rejects.toMatchObject({ kind: 'not-found' });
    const plain = new NetworkCameras({ clock: systemClock, source: () => ({ kind: 'demo' }) });
    expect(await plain.ptz('demo', signal)).toEqual({ canMove: false, presets: [] });
  });
});

describe('what answers like no camera ends the question and nothing else', () => {
  const envelope = (body: string) => `<s:Envelope xmlns:s="x"><s:Body>${body}</s:Body></s:Envelope>`;
  test.each([
    ['nothing', ''],
    ['no XML', 'hello'],
    ['another document', '<html><body>Hi</body></html>'],
    ['an empty envelope', envelope('')],
    ['an answer without its parts', envelope('<GetServicesResponse/>')],
    ['an answer to something else', envelope('<GetServicesResponse><Service>text</Service></GetServicesResponse>')],
    ['profiles that are none', envelope('<GetProfilesResponse/>')],
    ['entities', `<!DOCTYPE x [<!ENTITY a "aaaaaaaa">]>${envelope('&a;')}`],
    ['a flood', envelope('x'.repeat(400_000))],
    ['a flood of namespaces', envelope('xmlns'.repeat(40_000))],
    ['endless depth', `${'<a>'.repeat(60_000)}`],
  ])('%s', async (_, xml) => {
    const camera = await fake({ answer: (action) => (action === 'GetSystemDateAndTime' ? null : xml) });
    const [result] = await Promise.allSettled([cameras(camera).describe({ url: camera.url, ...login }, signal)]);
    expect(result).toMatchObject(refusal);
    expect(result?.status === 'rejected' && result.reason.kind).toMatch(/^camera-/);
  });
});
