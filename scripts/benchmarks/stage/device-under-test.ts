import { mkdir } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { cameraSchema, recordingSchema, systemSchema } from '#device/contract/contract.ts';
import { AssembledDevice } from '#device/testing/assembled-device.ts';

export interface WatchedCamera {
  name: string;
  url: string;
  subUrl?: string;
  detects: boolean;
}

/** Each is looked at before it is taken in, which takes seconds. */
const addedAtOnce = 4;

const recordingsSchema = z.object({ recordings: z.array(recordingSchema), next: z.string().nullable() });

/** The assembled device as its owner has it: logged in to, with these cameras recording all the time. Answers when all are online. */
export async function deviceWith(
  directory: string,
  cameras: readonly WatchedCamera[],
): Promise<{ device: AssembledDevice; ids: string[] }> {
  await mkdir(directory, { recursive: true });
  const device = await AssembledDevice.start({ directory, program: 'product', env: { KERBEROS_LOG_LEVEL: 'warn' } });
  try {
    await device.enter();
    const add = async ({ name, url, subUrl, detects }: WatchedCamera): Promise<string> => {
      const source = { kind: 'rtsp', url, ...(subUrl === undefined ? {} : { subUrl }) };
      const settings = { name, source, recording: { mode: 'continuous' }, motion: { enabled: detects } };
      return (await device.json(cameraSchema, 'POST', '/api/cameras', settings)).id;
    };
    const ids: string[] = [];
    for (let at = 0; at < cameras.length; at += addedAtOnce) {
      ids.push(...(await Promise.all(cameras.slice(at, at + addedAtOnce).map(add))));
    }
    await device.until(
      'all cameras are online',
      async () => {
        const found = await device.json(z.object({ cameras: z.array(cameraSchema) }), 'GET', '/api/cameras');
        return found.cameras.every((camera) => camera.state === 'online' && camera.status.recordingNow);
      },
      60_000,
    );
    return { device, ids };
  } catch (error) {
    await device.end('SIGKILL');
    throw error;
  }
}

export async function recordedBytes(device: AssembledDevice): Promise<number> {
  const { recordings } = await device.json(recordingsSchema, 'GET', '/api/recordings?limit=200');
  return recordings.reduce((sum, recording) => sum + recording.sizeBytes, 0);
}

export async function ownWriteFigure(device: AssembledDevice): Promise<number | null> {
  return (await device.json(systemSchema, 'GET', '/api/system')).storage.writtenPerVideoByte;
}

export const seconds = (count: number): Promise<void> => pause(count * 1000);
