import { afterEach, describe, expect, test } from 'vitest';
import { systemClock } from '#device/kernel/clock.ts';
import { FakeOnvifCamera, type FakeOnvifOptions } from '#device/testing/fake-onvif-camera.ts';
import { CameraRelays } from './camera-relays.ts';
import { OnvifCamera } from './onvif-camera.ts';

/** Real HTTP and XML on the loopback; the camera is a fake of ours. */

const login = { username: 'admin', password: 'a good one' };
const { signal } = new AbortController();
const who = 'Ann';
const gate = { token: 'gate', mode: 'Bistable', delayTime: 'PT0S' } as const;
const bell = { token: 'be&amp;ll', mode: 'Monostable', delayTime: 'PT1M2.5S' } as const;
let camera: FakeOnvifCamera;

afterEach(() => camera.stop());

async function stage(options: FakeOnvifOptions = { relays: [gate, bell] }) {
  camera = await FakeOnvifCamera.start({ ...login, ...options });
  const written: string[] = [];
  const conversation = new OnvifCamera({ clock: systemClock, login: { ...login, url: camera.url } });
  const relays = new CameraRelays({
    clock: systemClock,
    camera: (cameraId) => (cameraId === 'yard' ? conversation : null),
    switched: (cameraId, message) => void written.push(`${cameraId}: ${message}`),
  });
  return { relays, written };
}

describe('the outputs of a network camera (a fake one)', () => {
  test('are told, are switched, and it is written down by whom', async () => {
    const { relays, written } = await stage();
    expect(await relays.list('yard', signal)).toEqual([
      { id: 'gate', mode: 'switch', pulseMs: null, on: null },
      { id: 'be&ll', mode: 'pulse', pulseMs: 62_500, on: null },
    ]);
    expect((await relays.switch('yard', 'gate', { on: true, who }, signal)).on).toBe(true);
    expect((await relays.list('yard', signal))[0]?.on).toBe(true);
    expect((await relays.switch('yard', 'gate', { on: false, who }, signal)).on).toBe(false);
    expect(camera.done).toEqual(['relay gate active', 'relay gate inactive']);
    expect(written).toEqual([
      'yard: Output gate of the camera was switched on by Ann.',
      'yard: Output gate of the camera was switched off by Ann.',
    ]);
  });

  test('are on for a moment, ended by who does not end by itself', async () => {
    const { relays } = await stage();
    expect((await relays.pulse('yard', 'gate', { durationMs: 50, who }, signal)).on).toBe(false);
    expect((await relays.pulse('yard', 'be&ll', { durationMs: 50, who }, signal)).on).toBeNull();
    expect(camera.done).toEqual(['relay gate active', 'relay gate inactive', 'relay be&#38;ll active']);
  });

  test('are off in the end also when nobody waits for it any more', async () => {
    const { relays } = await stage();
    const gone = new AbortController();
    const pulse = relays.pulse('yard', 'gate', { durationMs: 20_000, who }, gone.signal);
    while (camera.done.length === 0) await Promise.race([pulse, systemClock.sleep(10)]);
    gone.abort();
    await expect(pulse).rejects.toThrow();
    expect(camera.done).toEqual(['relay gate active', 'relay gate inactive']);
  });

  test('are none for a camera without, whatever it answers, and none that it has not can be switched', async () => {
    const { relays, written } = await stage({
      answer: (action) => (action === 'GetRelayOutputs' ? '<Envelope><Body>no</Body></Envelope>' : null),
    });
    expect(await relays.list('yard', signal)).toEqual([]);
    expect(await relays.list('usb', signal)).toEqual([]);
    await expect(relays.switch('yard', 'gate', { on: true, who }, signal)).rejects.toMatchObject({ kind: 'not-found' });
    await expect(relays.pulse('usb', 'gate', { durationMs: 50, who }, signal)).rejects.toMatchObject({ kind: 'not-found' });
    expect([camera.done, written]).toEqual([[], []]);
  });
});
