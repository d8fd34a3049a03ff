import { describe, expect, test } from 'vitest';
import type { Answer, CameraControl, Client, Discovery, Ptz } from '../api/api.ts';
import { draftOfFound, sourceOfDraft } from './camera-draft.ts';
import { createDiscovery } from './discovery.ts';

const ok = <T>(value: T): Answer<T> => ({ kind: 'ok', value });
const failed: Answer<never> = { kind: 'error', problem: { kind: 'camera-refused', message: 'No', action: null } };
const nothing: Discovery = { cameras: [], notes: [], networkAskedMsAgo: null };
const place: Ptz = { canMove: true, presets: [{ id: '1', name: 'Door' }] };

const storeWith = (client: Partial<Client>) => createDiscovery(client as Client);

describe('the cameras that are there', () => {
  test('are loaded, and the network is asked only when somebody wants it', async () => {
    const asked: string[] = [];
    const store = storeWith({
      discovery: async () => {
        asked.push('device');
        return ok(nothing);
      },
      searchNetwork: async () => {
        asked.push('network');
        return ok({ ...nothing, networkAskedMsAgo: 0 });
      },
    });
    await store.load();
    expect(asked).toEqual(['device']);
    const searching = store.search();
    expect(store.isSearching.value).toBe(true);
    await searching;
    expect(store.isSearching.value).toBe(false);
    expect(store.found.value.value?.networkAskedMsAgo).toBe(0);
  });

  test('fill the form: what is added is what was found', () => {
    const device = { model: '046d:082d', serial: 'A1', port: 'xhci/1', node: 0 };
    const usb = { kind: 'usb', device, width: 1280, height: 720, framesPerSecond: 15, format: 'auto' } as const;
    expect(sourceOfDraft(draftOfFound(usb))).toEqual(usb);
    const network = { kind: 'rtsp', url: 'rtsp://a/main', subUrl: 'rtsp://a/sub', transport: 'tcp', onvifUrl: 'http://a/onvif' } as const;
    expect(sourceOfDraft(draftOfFound({ ...network, username: 'admin', password: 'word' }))).toEqual({
      ...network,
      username: 'admin',
      password: 'word',
    });
  });
});

describe('what a camera has of its own', () => {
  const brightness = (value: number): CameraControl => ({
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

  test('is shown as it is after a change, and as it was when that failed', async () => {
    const answers = [ok([brightness(9)]), failed];
    const store = storeWith({ controls: async () => ok([brightness(1)]), setControl: async () => answers.shift() ?? failed });
    await store.loadControls('desk');
    await store.setControl('desk', 'brightness', 9);
    expect(store.controls.value.value?.[0]?.value).toBe(9);
    expect(await store.setControl('desk', 'brightness', 300)).toEqual(failed);
    expect(store.controls.value.value?.[0]?.value).toBe(9);
  });

  test('is never that of the camera that was looked at before', async () => {
    const store = storeWith({ ptz: async (id) => (id === 'dome' ? ok(place) : failed) });
    await store.loadPtz('dome');
    expect(store.ptz.value.value).toEqual(place);
    const loading = store.loadPtz('fixed');
    expect(store.ptz.value.value).toBeNull();
    await loading;
    expect(store.ptz.value).toMatchObject({ value: null, problem: { message: 'No' } });
  });
});
