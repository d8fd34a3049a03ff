import { signal } from '@preact/signals';
import type { Client, Event, StreamMessage } from '../api/api.ts';
import type { Clock } from './clock.ts';

const keptMost = 100;
const lookBackMs = 7 * 86_400_000;

export interface Happenings {
  /** Newest first. */
  events: readonly Event[];
  loaded: boolean;
}

/** The latest events of all cameras, kept fresh by the stream. `announced` is the newest beginning, for a screen reader. */
export const createHappenings = (client: Pick<Client, 'events'>, clock: Clock) => {
  const latest = signal<Happenings>({ events: [], loaded: false });
  const announced = signal<Event | null>(null);

  const merge = (events: readonly Event[]) => {
    const byId = new Map([...latest.value.events, ...events].map((event) => [event.id, event]));
    const sorted = [...byId.values()].sort((a, b) => Date.parse(b.start) - Date.parse(a.start));
    latest.value = { events: sorted.slice(0, keptMost), loaded: true };
  };

  const load = async (camera?: string): Promise<void> => {
    const now = clock.wallMs();
    const answer = await client.events({ camera, fromMs: now - lookBackMs, toMs: now + 86_400_000, limit: 25 });
    if (answer.kind === 'ok') merge(answer.value.events);
  };

  return {
    latest,
    announced,
    load,
    receive: (message: StreamMessage) => {
      if (message.type !== 'event') return;
      merge([message.event]);
      if (message.phase === 'started') announced.value = message.event;
    },
    forget: () => {
      latest.value = { events: [], loaded: false };
    },
  };
};
