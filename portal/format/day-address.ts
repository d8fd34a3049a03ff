import { isDay } from './time.ts';

/** What the page of a day shows, as its address carries it: so that it can be shared and kept. */
export interface DayAddress {
  day: string;
  camera: string | null;
  /** The camera that is played, when all are listed. */
  playing: string | null;
  /** `hh:mm:ss` of that day. */
  time: string | null;
  kind: 'all' | 'events' | 'recordings' | 'protected';
}

const kinds: readonly DayAddress['kind'][] = ['all', 'events', 'recordings', 'protected'];

export const readDayAddress = (query: Readonly<Record<string, string>>, today: string): DayAddress => {
  const { day, camera, play, time, show } = query;
  return {
    day: day !== undefined && isDay(day) ? day : today,
    camera: camera ? camera : null,
    playing: play ? play : null,
    time: time !== undefined && /^\d{2}:\d{2}:\d{2}$/.test(time) ? time : null,
    kind: kinds.find((kind) => kind === show) ?? 'all',
  };
};

export const writeDayAddress = (address: DayAddress): string => {
  const query = new URLSearchParams({ day: address.day });
  if (address.camera) query.set('camera', address.camera);
  if (address.playing && address.playing !== address.camera) query.set('play', address.playing);
  if (address.time) query.set('time', address.time);
  if (address.kind !== 'all') query.set('show', address.kind);
  return `/recordings?${query.toString().replaceAll('%3A', ':')}`;
};
