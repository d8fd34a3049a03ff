import { Plus, Video } from 'lucide';
import { span } from '../format/amounts.ts';
import { words } from '../format/words.ts';
import { LinkButton } from '../parts/button.tsx';
import { Page } from '../parts/page.tsx';
import { Empty, ProblemBox } from '../parts/panel.tsx';
import type { Camera } from '../store/model.ts';
import { usePortal } from '../store/portal.ts';
import { CameraMarks } from './live/camera-marks.tsx';
import { LiveView } from './live/live-view.tsx';

const text = words.wall;

const Tile = ({ camera }: { camera: Camera }) => (
  <li class="tile">
    <LiveView camera={camera} size="tile" />
    <a class="tile-link" href={`/cameras/${encodeURIComponent(camera.id)}`} aria-label={text.open(camera.name)}>
      <span class="tile-name">{camera.name}</span>
    </a>
    <div class="tile-marks">
      <CameraMarks camera={camera} />
    </div>
  </li>
);

const columnsOf = (count: number): string => (count === 1 ? 'one' : count <= 4 ? 'two' : 'many');

const Summary = ({ online, all }: { online: number; all: number }) => {
  const { connection, secondMs } = usePortal();
  const { phase, goodAtMs } = connection.state.value;
  const isLost = phase === 'lost' && goodAtMs !== null;
  return (
    <p class="page-beside tabular">
      {text.summary(online, all)}
      {isLost && `, ${words.connection.staleSince(span(secondMs.value - goodAtMs))}`}
    </p>
  );
};

/** All cameras at once. Only tiles that can be seen stream. */
export const Wall = () => {
  const { cameras } = usePortal();
  const { value, problem } = cameras.list.value;
  const online = value?.filter((camera) => camera.state === 'online').length ?? 0;
  return (
    <Page
      title={text.title}
      product={words.product}
      beside={value && value.length > 0 ? <Summary online={online} all={value.length} /> : null}
      actions={
        <LinkButton href="/cameras/new" icon={Plus}>
          {text.add}
        </LinkButton>
      }
    >
      {!value && problem && <ProblemBox message={problem.message} action={problem.action} />}
      {!value && !problem && <div class="wall wall-two" aria-hidden="true" data-loading />}
      {value?.length === 0 && (
        <Empty icon={Video} title={text.emptyTitle} text={text.emptyText}>
          <LinkButton href="/cameras/new" look="primary" icon={Plus}>
            {text.add}
          </LinkButton>
        </Empty>
      )}
      {value && value.length > 0 && (
        <ul class={`wall wall-${columnsOf(value.length)}`}>
          {value.map((camera) => (
            <Tile key={camera.id} camera={camera} />
          ))}
        </ul>
      )}
    </Page>
  );
};
