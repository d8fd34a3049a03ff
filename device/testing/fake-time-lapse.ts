import type { TimeLapsePort } from '#device/api/ports.ts';
import { Failure } from '#device/kernel/failure.ts';
import { fakeFile, fakeJpeg } from './fake-things.ts';

const taken = '2026-01-05T07:00:00.000Z';

/** One reel of one camera, with one picture. */
export function fakeTimeLapse(): TimeLapsePort {
  const days = new Set(['2026-01-05']);
  const found = (cameraId: string, day: string): string => {
    if (cameraId === 'front' && days.has(day)) return day;
    throw new Failure('not-found', 'There is no time-lapse of this day.');
  };
  const sizeBytes = fakeJpeg.length;
  return {
    reels: async (cameraId) => (cameraId === 'front' ? [...days].map((day) => ({ day, sizeBytes })) : []),
    reel: async (cameraId, day) => ({ day: found(cameraId, day), sizeBytes, pictures: [taken] }),
    picture: async (cameraId, day, takenMs) => {
      if (found(cameraId, day) && takenMs === Date.parse(taken)) return fakeJpeg;
      throw new Failure('not-found', 'There is no such picture.');
    },
    film: async (cameraId, day) => fakeFile(`${cameraId}-${found(cameraId, day)}-time-lapse.mp4`, fakeJpeg),
    remove: async (cameraId, day) => void days.delete(found(cameraId, day)),
  };
}
