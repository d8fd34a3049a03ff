import type { Client, Reel, ReelSummary } from '../api/api.ts';
import { loaded, loader } from './loaded.ts';

type TimeLapseClient = Pick<Client, 'reels' | 'reel' | 'removeReel'>;

/** The days of the camera that was asked for last, and the pictures of one of them. */
export const createTimeLapse = (client: TimeLapseClient) => {
  const reels = loaded<ReelSummary[]>();
  const reel = loaded<Reel>();
  const loadReels = loader(reels, (abort, cameraId: string) => client.reels(cameraId, abort));
  const loadReel = loader(reel, (abort, cameraId: string, day: string) => client.reel(cameraId, day, abort));
  return {
    reels,
    reel,
    /** What another camera has is not shown meanwhile. */
    open: async (cameraId: string) => {
      reels.value = { value: null, problem: null, loading: true };
      reel.value = { value: null, problem: null, loading: true };
      await loadReels(cameraId);
    },
    loadReel,
    remove: async (cameraId: string, day: string) => {
      const answer = await client.removeReel(cameraId, day);
      if (answer.kind === 'ok') {
        reels.value = { ...reels.value, value: reels.value.value?.filter((one) => one.day !== day) ?? null };
        if (reel.value.value?.day === day) reel.value = { value: null, problem: null, loading: false };
      }
      return answer;
    },
  };
};
