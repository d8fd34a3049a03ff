import type { ControlsPort, DiscoveryPort, OnvifPort, RelaysPort } from '#device/api/camera-ports.ts';
import type { CameraControl, FoundCamera, Ptz, Relay } from '#device/contract/contract.ts';
import { Failure } from '#device/kernel/failure.ts';
import { fakeJpeg } from './fake-things.ts';

const onUsb: FoundCamera = {
  id: 'usb-1',
  kind: 'usb',
  name: 'Webcam',
  description: 'USB camera, Motion JPEG up to 1280×720',
  cameraId: null,
  source: {
    kind: 'usb',
    device: { model: '046d:082d', serial: 'A1', port: '0000:00:14.0/1', node: 0 },
    width: 1280,
    height: 720,
    framesPerSecond: 15,
    format: 'auto',
  },
  onvifUrl: null,
  hasPicture: true,
  notes: [],
};

/** One USB camera; the network has none. */
export function fakeDiscovery(): DiscoveryPort {
  return {
    list: async () => ({ cameras: [onUsb], notes: [], networkAskedMsAgo: null }),
    search: async () => ({ cameras: [onUsb], notes: [], networkAskedMsAgo: 0 }),
    picture: async (id) => {
      if (id !== onUsb.id) throw new Failure('not-found', 'This camera is not there any more.');
      return { jpeg: fakeJpeg, ageMs: 0 };
    },
  };
}

export function fakeControls(): ControlsPort {
  let value = 10;
  const control = (): CameraControl => ({
    id: 'brightness',
    label: 'Brightness',
    kind: 'number',
    min: 0,
    max: 255,
    step: 1,
    default: 128,
    value,
    choices: [],
    changeable: true,
  });
  return {
    list: async () => [control()],
    set: async (_cameraId, change) => {
      value = change.value;
      return [control()];
    },
  };
}

/** One that turns, and remembers what it is told to. */
export function fakeOnvif(): OnvifPort {
  const presets = new Map([['1', 'Door']]);
  const ptz = (): Ptz => ({ canMove: true, presets: [...presets].map(([id, name]) => ({ id, name })) });
  return {
    describe: async ({ url }) => ({
      manufacturer: 'Maker',
      model: 'Dome',
      firmware: '1.0',
      serial: 'S1',
      profiles: [{ name: 'main', width: 1920, height: 1080, encoding: 'H264' }],
      source: { kind: 'rtsp', url: 'rtsp://192.168.1.20/main', transport: 'tcp', onvifUrl: url },
      canMove: true,
    }),
    ptz: async () => ptz(),
    move: async () => {},
    goTo: async (_cameraId, id) => {
      if (!presets.has(id)) throw new Failure('camera-refused', 'The camera does not do what was asked of it.');
    },
    addPreset: async (_cameraId, name) => {
      presets.set(String(presets.size + 1), name);
      return ptz();
    },
    removePreset: async (_cameraId, id) => {
      presets.delete(id);
      return ptz();
    },
  };
}

/** One output, which stays as it is told. */
export function fakeRelays(): RelaysPort {
  let gate: Relay = { id: 'gate', mode: 'switch', pulseMs: null, on: null };
  const changed = (id: string, on: boolean): Relay => {
    if (id !== gate.id) throw new Failure('not-found', 'This camera has no such output.');
    gate = { ...gate, on };
    return gate;
  };
  return {
    list: async () => [gate],
    switch: async (_cameraId, id, { on }) => changed(id, on),
    pulse: async (_cameraId, id) => changed(id, false),
  };
}
