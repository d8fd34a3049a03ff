import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { type DayAddress, readDayAddress, writeDayAddress } from '../../format/day-address.ts';
import type { CoverageMark, View } from '../../format/timeline.ts';
import { usePortal } from '../../store/portal.ts';

/** Where playback was asked to be. A new object is a new wish, even for the same instant. */
export interface Wish {
  cameraId: string;
  ms: number;
  /** False for the place an address names: shown, not started, so that opening a page makes no noise. */
  play: boolean;
}

/** The address of the page as state: what is shown is in it, so that it can be shared and kept. */
export const useDay = () => {
  const { query, route } = useLocation();
  const { clock, time, cameras, day: store } = usePortal();
  const today = time.value.dayOf(clock.wallMs());
  const address = readDayAddress(query, today);
  const bounds = time.value.boundsOf(address.day);
  const known = cameras.list.value.value;
  const shown = (known ?? []).filter((camera) => !address.camera || camera.id === address.camera);
  const ids = shown.map((camera) => camera.id).join(' ');

  useEffect(() => {
    if (known) store.want({ day: address.day, camera: address.camera, cameras: ids ? ids.split(' ') : [] });
  }, [store, known !== null, address.day, address.camera, ids, time.value]);
  useEffect(() => () => store.leave(), [store]);

  const go = (change: Partial<DayAddress>, replace = false) => route(writeDayAddress({ ...address, ...change }), replace);
  return { address, today, bounds, cameras: shown, allCameras: known ?? [], go };
};

/** The view of the timeline: the whole day, until zoomed; a new day starts whole again. */
export const useView = (bounds: View) => {
  const [view, setView] = useState<View>(bounds);
  useEffect(() => setView(bounds), [bounds.fromMs, bounds.toMs]);
  const isOfDay = view.fromMs >= bounds.fromMs && view.toMs <= bounds.toMs;
  return [isOfDay ? view : bounds, setView] as const;
};

/** The camera to play at an instant: the one asked for, else the one that plays, else the first that has something there. */
export const chooseCamera = (
  coverage: ReadonlyMap<string, readonly CoverageMark[]>,
  ms: number,
  wishes: readonly (string | null)[],
): string | null => {
  const wished = wishes.find((id) => id !== null);
  if (wished) return wished;
  for (const [id, marks] of coverage) if (marks.some((mark) => mark.startMs <= ms && ms < mark.endMs)) return id;
  return coverage.keys().next().value ?? null;
};
