import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { readBoxHeader } from '#device/media/mp4/box.ts';
import { readFragment } from '#device/media/mp4/read-fragment.ts';
import type { AssembledDevice } from '#device/testing/assembled-device.ts';
import { accessUnits, isPicture } from '../stage/access-units.ts';
import { startCameras } from '../stage/cameras.ts';
import { deviceWith, seconds } from '../stage/device-under-test.ts';
import { footage, mainFramesPerSecond } from '../stage/footage.ts';
import { type Bench, percentile } from './part.ts';

export interface LiveFigure {
  /** From the moment a frame left the camera until the viewer's socket had it. */
  delayP50Ms: number;
  delayP90Ms: number;
  frames: number;
  /** From opening the WebSocket until a fragment with a key picture was there. */
  firstPictureP50Ms: number;
  firstPictureP90Ms: number;
  openings: number;
}

const openings = 12;
const frameMs = 1000 / mainFramesPerSecond;

/** Looks at one live camera as a browser would, up to the point where bytes become a picture. */
export async function measureLive(bench: Bench): Promise<LiveFigure> {
  const files = await footage(bench.footage, 'idle');
  const numbers = await frameNumbers(files.main);
  await using end = new AsyncDisposableStack();
  const cameras = await startCameras([
    { path: '/live', file: files.main, framesPerSecond: mainFramesPerSecond, play: 'loop', aheadFrames: 0 },
  ]);
  end.defer(() => cameras.stop());
  const folder = join(bench.scratch, 'live');
  end.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const { device, ids } = await deviceWith(folder, [{ name: 'Live', url: cameras.url('/live'), detects: true }]);
  end.defer(async () => void (await device.end('SIGTERM')));
  await seconds(8);
  const cameraId = ids[0] ?? '';
  const delays = await delaysOf(device, cameraId, { numbers, originMs: cameras.originMs, seconds: Math.min(bench.seconds, 20) });
  const firsts: number[] = [];
  for (let opening = 0; opening < openings; opening += 1) {
    firsts.push(await firstPicture(device, cameraId));
    await seconds(0.37);
  }
  return {
    delayP50Ms: percentile(delays, 0.5),
    delayP90Ms: percentile(delays, 0.9),
    frames: delays.length,
    firstPictureP50Ms: percentile(firsts, 0.5),
    firstPictureP90Ms: percentile(firsts, 0.9),
    openings,
  };
}

const fingerprint = (bytes: Uint8Array): string => createHash('sha1').update(bytes).digest('base64');

/** Every frame's place in its file, by what it holds. */
async function frameNumbers(file: string): Promise<Map<string, number>> {
  const units = await accessUnits(file);
  return new Map(units.map((unit, index) => [fingerprint(unit.nals.findLast(isPicture) ?? new Uint8Array()), index]));
}

function open(device: AssembledDevice, cameraId: string): WebSocket {
  const url = `${device.url.replace('http', 'ws')}/api/cameras/${cameraId}/live`;
  return new WebSocket(url, { headers: { cookie: device.cookie, origin: device.url } });
}

interface Source {
  numbers: Map<string, number>;
  originMs: number;
  seconds: number;
}

async function delaysOf(device: AssembledDevice, cameraId: string, source: Source): Promise<number[]> {
  const socket = open(device, cameraId);
  const delays: number[] = [];
  const roundMs = source.numbers.size * frameMs;
  let began: number | null = null;
  socket.on('message', (data, isBinary) => {
    if (!isBinary || !Buffer.isBuffer(data)) return;
    const nowMs = Date.now();
    began ??= nowMs;
    // What came before the viewer is handed over in one piece and says nothing about delay.
    if (nowMs - began < 1000) return;
    for (const frame of lastNals(data)) {
      const number = source.numbers.get(fingerprint(frame));
      if (number === undefined) continue;
      delays.push((((nowMs - source.originMs - number * frameMs) % roundMs) + roundMs) % roundMs);
    }
  });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  await seconds(source.seconds + 1);
  socket.terminate();
  return delays;
}

/** The last NAL unit of each video sample of a fragment. */
function* lastNals(bytes: Buffer): Generator<Uint8Array> {
  if (readBoxHeader(bytes, 0)?.type !== 'moof') return;
  for (const { samples } of readFragment(bytes).tracks) {
    for (const sample of samples) {
      let at = sample.offset;
      const end = at + sample.sizeBytes;
      let last: Uint8Array = new Uint8Array();
      while (at + 4 <= end) {
        const size = bytes.readUInt32BE(at);
        last = bytes.subarray(at + 4, at + 4 + size);
        at += 4 + size;
      }
      yield last;
    }
  }
}

async function firstPicture(device: AssembledDevice, cameraId: string): Promise<number> {
  const begun = performance.now();
  const socket = open(device, cameraId);
  try {
    return await new Promise<number>((resolve, reject) => {
      socket.once('error', reject);
      socket.on('message', (data, isBinary) => {
        if (!isBinary || !Buffer.isBuffer(data) || readBoxHeader(data, 0)?.type !== 'moof') return;
        if (readFragment(data).tracks.some((track) => track.samples[0]?.key)) resolve(performance.now() - begun);
      });
    });
  } finally {
    socket.terminate();
  }
}
