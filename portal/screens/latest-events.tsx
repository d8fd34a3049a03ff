import { Activity } from 'lucide';
import { useEffect } from 'preact/hooks';
import { percent, span } from '../format/amounts.ts';
import { writeDayAddress } from '../format/day-address.ts';
import type { ZonedTime } from '../format/time.ts';
import { words } from '../format/words.ts';
import { Icon } from '../parts/icon.tsx';
import { Panel } from '../parts/panel.tsx';
import type { Event } from '../store/model.ts';
import { usePortal } from '../store/portal.ts';
import { eventIcons } from './event-icons.ts';

const shownMost = 8;

const addressOf = (event: Event, time: ZonedTime): string => {
  const startMs = Date.parse(event.start);
  return writeDayAddress({ day: time.dayOf(startMs), camera: event.cameraId, playing: null, time: time.time(startMs), kind: 'all' });
};

const EventLine = ({ event }: { event: Event }) => {
  const { time, addresses } = usePortal();
  const startMs = Date.parse(event.start);
  return (
    <li>
      <a class="event-line" href={addressOf(event, time.value)}>
        {event.hasPicture ? (
          <img src={addresses.eventPicture(event.id)} alt="" width="96" height="54" loading="lazy" />
        ) : (
          <span class="event-icon">
            <Icon of={eventIcons[event.kind]} />
          </span>
        )}
        <span class="event-text">
          <strong>{words.eventKind[event.kind]}</strong>
          <time dateTime={event.start}>{time.value.dateTime(startMs)}</time>
          <small>
            {[
              event.end === null && event.kind === 'motion' ? words.event.ongoing : null,
              event.end !== null && event.kind === 'motion' ? span(Date.parse(event.end) - startMs) : null,
              event.score === null ? null : words.event.score(percent(event.score)),
              event.zones.join(', ') || null,
              event.message,
            ]
              .filter((part) => part !== null)
              .join(' · ')}
          </small>
        </span>
      </a>
    </li>
  );
};

/** What happened last at a camera, kept fresh. */
export const LatestEvents = ({ cameraId }: { cameraId: string }) => {
  const { happenings, time, clock } = usePortal();
  useEffect(() => void happenings.load(cameraId), [happenings, cameraId]);
  const { events, loaded } = happenings.latest.value;
  const mine = events.filter((event) => event.cameraId === cameraId).slice(0, shownMost);
  const all = writeDayAddress({ day: time.value.dayOf(clock.wallMs()), camera: cameraId, playing: null, time: null, kind: 'all' });
  return (
    <Panel title={words.camera.events} icon={Activity} aside={<a href={all}>{words.camera.allRecordings}</a>}>
      {loaded && mine.length === 0 && <p class="quiet">{words.camera.noEvents}</p>}
      {mine.length > 0 && (
        <ul class="event-lines">
          {mine.map((event) => (
            <EventLine key={event.id} event={event} />
          ))}
        </ul>
      )}
    </Panel>
  );
};
