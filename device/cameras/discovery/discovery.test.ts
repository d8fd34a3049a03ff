import { beforeEach, describe, expect, test } from 'vitest';
import type { CameraSource, UsbSource } from '#device/contract/contract.ts';
import { Failure } from '#device/kernel/failure.ts';
import { SimulatedClock } from '#device/testing/simulated-clock.ts';
import { CameraControls } from './camera-controls.ts';
import { CameraDiscovery, type Finding } from './discovery.ts';

const { signal } = new AbortController();
const usb = (serial: string): UsbSource => ({
  kind: 'usb',
  device: { model: '046d:082d', serial, port: 'xhci/1', node: 0 },
  width: 1280,
  height: 720,
  framesPerSecond: 15,
  format: 'auto',
});

function finding(id: string, source: CameraSource | null): Finding {
  const isSource = (other: CameraSource) => JSON.stringify(other) === JSON.stringify(source);
  const kind = source === null ? 'network' : 'usb';
  return { id, kind, name: id, description: '', source, onvifUrl: null, hasPicture: source !== null, notes: [], isSource };
}

let clock: SimulatedClock;
let configured: { id: string; source: CameraSource }[];
let networkAsked: number;
let openNow: number;
let mostOpen: number;

beforeEach(() => {
  clock = new SimulatedClock();
  configured = [{ id: 'desk', source: usb('A') }];
  networkAsked = 0;
  openNow = 0;
  mostOpen = 0;
});

function discovery(
  local: () => Finding[] = () => [finding('a', usb('A')), finding('b', usb('B')), finding('c', usb('C'))],
): CameraDiscovery {
  return new CameraDiscovery({
    clock,
    local: [{ find: async () => local() }],
    network: {
      find: async () => {
        networkAsked += 1;
        return [finding('net', null)];
      },
    },
    cameras: () => configured,
    still: async () => {
      openNow += 1;
      mostOpen = Math.max(mostOpen, openNow);
      await new Promise((resolve) => setImmediate(resolve));
      openNow -= 1;
      return Uint8Array.of(1);
    },
    snapshot: async (cameraId) => ({ jpeg: Buffer.from(cameraId), ageMs: 40 }),
  });
}

describe('what cameras there are', () => {
  test('says which were added, under which name', async () => {
    const { cameras } = await discovery().list(signal);
    expect(cameras.map(({ id, cameraId }) => [id, cameraId])).toEqual([
      ['a', 'desk'],
      ['b', null],
      ['c', null],
    ]);
    expect(cameras[0]).not.toHaveProperty('isSource');
  });

  test('sends nothing into the network until somebody asks, and remembers what that answered', async () => {
    const all = discovery();
    expect(await all.list(signal)).toMatchObject({ networkAskedMsAgo: null });
    expect(networkAsked).toBe(0);
    await all.search(signal);
    await clock.advance(5_000);
    const { cameras, networkAskedMsAgo } = await all.list(signal);
    expect(cameras.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'net']);
    expect([networkAsked, networkAskedMsAgo]).toEqual([1, 5_000]);
  });

  test('goes on when one kind cannot be looked for, and says why', async () => {
    const all = discovery(() => {
      throw new Failure('unavailable', 'The program is not installed.', { action: 'Install v4l-utils.' });
    });
    expect(await all.search(signal)).toMatchObject({
      cameras: [{ id: 'net' }],
      notes: ['The program is not installed. Install v4l-utils.'],
    });
  });

  test('shows one picture at a time, of a camera that runs its newest', async () => {
    const all = discovery();
    const [one, two] = await Promise.all([all.picture('b', signal), all.picture('c', signal)]);
    expect([one?.ageMs, two?.ageMs, mostOpen]).toEqual([0, 0, 1]);
    expect(await all.picture('a', signal)).toEqual({ jpeg: Buffer.from('desk'), ageMs: 40 });
    await all.search(signal);
    await expect(all.picture('net', signal)).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(all.picture('gone', signal)).rejects.toMatchObject({ kind: 'not-found' });
  });
});

test('a control that was set is kept with its camera, since that forgets it', async () => {
  const saved: CameraSource[] = [];
  const source: UsbSource = { ...usb('A'), controls: { gain: 1 } };
  const controls = new CameraControls({
    usb: { controls: async () => [], setControl: async () => [] },
    network: { controls: async () => [], setControl: async () => Promise.reject(new Failure('not-found', 'no such control')) },
    source: (id) => (id === 'desk' ? source : { kind: 'demo' }),
    save: async (_id, changed) => void saved.push(changed),
  });
  await controls.set('desk', { id: 'brightness', value: 9 }, signal);
  expect(saved).toEqual([{ ...source, controls: { gain: 1, brightness: 9 } }]);
  expect(await controls.list('demo', signal)).toEqual([]);
  await expect(controls.set('demo', { id: 'brightness', value: 9 }, signal)).rejects.toMatchObject({ kind: 'not-found' });
});
