import type { FoundCamera } from '#device/contract/contract.ts';
import { type Portal, until } from '../bench/portal.ts';
import { must } from './suite.ts';

const jpegStart = [0xff, 0xd8];

/** The first camera of that kind that is offered and not added yet. */
export async function firstFound(portal: Portal, wanted: { kind: FoundCamera['kind']; withinMs: number }): Promise<FoundCamera> {
  let found: FoundCamera | undefined;
  const look = async () => {
    found = (await portal.foundCameras()).find(({ kind, cameraId }) => kind === wanted.kind && cameraId === null);
    return found !== undefined;
  };
  await until(`a camera of the kind ${wanted.kind} is found`, look, { withinMs: wanted.withinMs });
  must(found !== undefined, `no camera of the kind ${wanted.kind}`);
  return found;
}

/** Looks through a found camera; what comes must be a JPEG. */
export async function lookThrough(portal: Portal, { id }: FoundCamera): Promise<{ seconds: number; sizeBytes: number }> {
  const sinceMs = performance.now();
  const picture = await portal.pictureOf(id);
  must(
    jpegStart.every((byte, index) => picture[index] === byte),
    'what it sees is no JPEG',
  );
  return { seconds: (performance.now() - sinceMs) / 1000, sizeBytes: picture.length };
}
