import { CircleCheck, TriangleAlert, WifiOff, X } from 'lucide';
import { words } from '../format/words.ts';
import { Button, IconButton } from '../parts/button.tsx';
import { Icon } from '../parts/icon.tsx';
import { usePortal } from '../store/portal.ts';

/** Visible as soon as the device does not answer, until it does again. */
export const ConnectionBanner = () => {
  const { connection, secondMs } = usePortal();
  const { phase, retryAtMs } = connection.state.value;
  const isLost = phase === 'lost';
  const seconds = retryAtMs === null ? 0 : Math.max(0, Math.ceil((retryAtMs - secondMs.value) / 1000));
  return (
    <div class="banner-place">
      {isLost && (
        <div class="banner">
          <p role="alert">
            <Icon of={WifiOff} />
            {words.connection.lost}
          </p>
          <span class="tabular">{words.connection.retryIn(seconds)}</span>
          <Button small onClick={connection.retryNow}>
            {words.connection.retryNow}
          </Button>
        </div>
      )}
    </div>
  );
};

/** Says the beginning of an event to a screen reader, wherever the person is. */
export const EventAnnouncer = () => {
  const { happenings, cameras } = usePortal();
  const event = happenings.announced.value;
  const kind = event ? (words.eventKind[event.kind] ?? event.kind) : '';
  const camera = event?.cameraId ? (cameras.names.value.get(event.cameraId) ?? '') : '';
  return (
    <div class="unseen" role="log" aria-live="polite">
      {event && <p key={event.id}>{words.event.announce(kind, camera)}</p>}
    </div>
  );
};

export const Notices = () => {
  const { notices } = usePortal();
  return (
    <div class="notices" role="status">
      {notices.notices.value.map((notice) => (
        <div key={notice.id} class={`notice notice-${notice.tone}`}>
          <Icon of={notice.tone === 'good' ? CircleCheck : TriangleAlert} />
          <p>
            {notice.text}
            {notice.detail && <small>{notice.detail}</small>}
          </p>
          <IconButton icon={X} small label={words.close} onClick={() => notices.dismiss(notice.id)} />
        </div>
      ))}
    </div>
  );
};
