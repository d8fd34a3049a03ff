import { beforeEach, describe, expect, test } from 'vitest';
import type { CameraConfig, CameraSource } from '#device/contract/contract.ts';
import { Failure } from '#device/kernel/failure.ts';
import { cameraConfig } from '#device/testing/camera-config.ts';
import { Cameras } from './cameras.ts';

const saved = cameraConfig('front', {
  name: 'Front',
  source: { kind: 'rtsp', url: 'rtsp://camera/main', transport: 'tcp', username: 'admin', password: 'kept' },
});

const running = {
  config: saved,
  status: () => ({
    state: 'online' as const,
    since: '2026-01-01T00:00:00.000Z',
    problem: null,
    lastFrameAgeMs: 10,
    stream: null,
    recordingNow: false,
    motionNow: false,
    restarts: 0,
    notes: [],
  }),
  recordFor: () => {},
  stopRecording: () => {},
};

/** Cameras over one saved camera; `broken` is what the next look at a source finds wrong. */
function cameras(broken: Failure | null = null, kept: CameraConfig = saved, look: Promise<void> = Promise.resolve()) {
  const [probed, stills, written]: [CameraSource[], CameraSource[], string[]] = [[], [], []];
  const room = new Cameras({
    set: {
      pipelines: () => [],
      pipeline: (id) => {
        if (id !== saved.id) throw new Failure('not-found', 'There is no such camera.');
        return { ...running, config: kept };
      },
      reconcile: async () => {},
      restart: async () => {},
    },
    settings: {
      cameras: () => [kept],
      addCamera: async ({ name }) => {
        written.push(`add ${name}`);
        return saved;
      },
      changeCamera: async (id, { source }) => {
        written.push(source?.kind === 'rtsp' ? `change ${id} to password ${source.password}` : `change ${id}`);
        return saved;
      },
      removeCamera: async (id) => void written.push(`remove ${id}`),
    },
    capture: {
      still: async (source) => Uint8Array.of(stills.push(source)),
      probe: async (source) => {
        probed.push(source);
        await look;
        if (broken) throw broken;
        return {
          stream: {
            videoCodec: 'h264',
            videoCodecString: 'avc1',
            width: 1,
            height: 1,
            framesPerSecond: 1,
            audioCodec: null,
            keyIntervalMs: null,
            bitsPerSecond: null,
          },
          subStream: null,
          audioFound: null,
          summary: 'a picture',
          warnings: [],
        };
      },
    },
    publicSource: (source) =>
      source.kind === 'rtsp' ? { kind: 'rtsp', url: source.url, transport: source.transport, hasPassword: true } : source,
    savedSource: (source, before) =>
      source.kind === 'rtsp' && before?.kind === 'rtsp' && before.password !== undefined
        ? { ...source, password: before.password }
        : source,
    deleteRecordings: async (id) => void written.push(`delete recordings of ${id}`),
    mayDeleteRecordings: () => (diskProblem ? Promise.reject(diskProblem) : Promise.resolve()),
  });
  return { room, probed, stills, written };
}

/** Why no recording can be deleted. */
let diskProblem: Failure | null = null;
beforeEach(() => {
  diskProblem = null;
});

const unreachable = new Failure('camera-unreachable', 'The camera cannot be reached.');
const elsewhere: CameraSource = { kind: 'rtsp', url: 'rtsp://camera/other', transport: 'tcp' };

describe('the cameras as the API speaks of them', () => {
  test('a still picture is taken of the saved source', async () => {
    const { room, stills } = cameras();
    expect(await room.still('front')).toEqual(Uint8Array.of(1));
    expect(stills).toEqual([saved.source]);
    await expect(room.still('back')).rejects.toMatchObject({ kind: 'not-found' });
  });

  test('a camera that cannot be reached is not added, unless it is to be saved anyway', async () => {
    const { room, written } = cameras(unreachable);
    await expect(room.add({ name: 'Yard', source: elsewhere })).rejects.toBe(unreachable);
    expect(written).toEqual([]);
    await room.add({ name: 'Yard', source: elsewhere, saveAnyway: true });
    expect(written).toEqual(['add Yard']);
  });

  test('a changed source is tried out first, a changed name is not', async () => {
    const { room, written, probed } = cameras(unreachable);
    await room.change('front', { name: 'Front door' });
    expect(probed).toEqual([]);
    await expect(room.change('front', { source: elsewhere })).rejects.toBe(unreachable);
    expect(written).toEqual(['change front']);
  });

  test('the saved password stands in when a saved camera is looked at again', async () => {
    const { room, probed } = cameras();
    await room.probe(elsewhere, new AbortController().signal, 'front');
    await room.probe(elsewhere, new AbortController().signal);
    expect(probed.map((source) => source.kind === 'rtsp' && source.password)).toEqual(['kept', undefined]);
    await expect(room.probe(elsewhere, new AbortController().signal, 'nobody')).rejects.toMatchObject({ kind: 'not-found' });
  });

  test('a change is written as it was asked, not with the saved password in place of none', async () => {
    const { room, written } = cameras();
    await room.change('front', { source: { ...elsewhere, password: '' } });
    expect(written).toEqual(['change front to password ']);
  });

  test('four sources are looked at at once, a fifth is told to wait, and then may', async () => {
    const look = Promise.withResolvers<void>();
    const { room, probed } = cameras(null, saved, look.promise);
    const signal = new AbortController().signal;
    const four = Array.from({ length: 4 }, () => room.probe(elsewhere, signal));
    await expect(room.probe(elsewhere, signal)).rejects.toMatchObject({ kind: 'rate-limited', retryAfterSeconds: 15 });
    await expect(room.add({ name: 'Yard', source: elsewhere })).rejects.toMatchObject({ action: 'Wait 15 seconds, then try again.' });
    look.resolve();
    await Promise.all(four);
    await room.probe(elsewhere, signal);
    expect(probed).toHaveLength(5);
  });

  test('is described without its password', () => {
    expect(JSON.stringify(cameras().room.get('front'))).not.toContain('kept');
  });

  test('recordings stay when a camera is removed, unless they are to go too', async () => {
    const { room, written } = cameras();
    await room.remove('front', { deleteRecordings: false });
    await room.remove('front', { deleteRecordings: true });
    expect(written).toEqual(['remove front', 'remove front', 'delete recordings of front']);
  });

  test('a camera stays when its recordings are to go with it and cannot', async () => {
    const { room, written } = cameras();
    diskProblem = new Failure('storage-failed', 'The disk is not there.');
    await expect(room.remove('front', { deleteRecordings: true })).rejects.toBe(diskProblem);
    expect(written).toEqual([]);
    await room.remove('front', { deleteRecordings: false });
    expect(written).toEqual(['remove front']);
  });

  test('a USB camera that runs is not tried out beside itself, and is added once', async () => {
    const device = { model: '046d:082d', serial: 'A1', port: 'xhci/1', node: 0 };
    const source = { kind: 'usb', device, width: 1280, height: 720, framesPerSecond: 15, format: 'auto' } as const;
    const { room, probed, written } = cameras(unreachable, { ...saved, source });
    await room.change('front', { source: { ...source, width: 640 } });
    expect([probed, written]).toEqual([[], ['change front']]);
    const { signal } = new AbortController();
    await expect(room.probe({ ...source, width: 640 }, signal, 'front')).rejects.toMatchObject({ kind: 'conflict' });
    await expect(room.add({ name: 'Again', source, saveAnyway: true })).rejects.toThrow('added already, as Front');
    const twin = { ...source, device: { ...device, serial: 'B2' } };
    await expect(room.add({ name: 'Twin', source: twin })).rejects.toBe(unreachable);
  });
});
