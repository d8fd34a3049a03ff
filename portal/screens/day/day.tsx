import { useEffect, useRef, useState } from 'preact/hooks';
import { type CoverageMark, revealInstant, snapToMark } from '../../format/timeline.ts';
import { words } from '../../format/words.ts';
import { Page } from '../../parts/page.tsx';
import { ProblemBox } from '../../parts/panel.tsx';
import { Loading } from '../../parts/spinner.tsx';
import { usePortal } from '../../store/portal.ts';
import { DayBar } from './day-bar.tsx';
import { DayList } from './day-list.tsx';
import { DayPlayer, type PlayerHandle } from './day-player.tsx';
import { DayTimeline } from './day-timeline.tsx';
import { ExportPanel } from './export-panel.tsx';
import { chooseCamera, useDay, useView, type Wish } from './use-day.ts';
import '../../style/day.css';
import '../../style/timeline.css';

const text = words.day;

/** The address's moment is taken once per visit; from then on seeking writes the address, not the other way round. */
const useWish = (first: Wish | null) => {
  const [wish, setWish] = useState<Wish | null>(null);
  const hasBegun = useRef(false);
  useEffect(() => {
    if (hasBegun.current || !first) return;
    hasBegun.current = true;
    setWish(first);
  }, [first]);
  const choose = (next: Wish | null) => {
    hasBegun.current = true;
    setWish(next);
  };
  return [wish, choose] as const;
};

/** What is played and where, and what seeking and changing the day do to it. */
const useDayPlayback = () => {
  const { day: store, time } = usePortal();
  const { address, today, bounds, cameras: presentCameras, allCameras: allPresent, go } = useDay();
  const [view, setView] = useView(bounds);
  const { value: content, problem } = store.content.value;
  const removed = content?.removedCameras ?? [];
  const cameras = [...presentCameras, ...removed];
  const allCameras = [...allPresent, ...removed];
  const coverage = content?.coverage ?? new Map<string, CoverageMark[]>();
  const addressMs = address.time ? time.value.instantOf(address.day, address.time) : null;
  const firstCamera = content && addressMs !== null ? chooseCamera(coverage, addressMs, [address.camera, address.playing]) : null;
  const [wish, setWish] = useWish(
    firstCamera && addressMs !== null
      ? { cameraId: firstCamera, ms: snapToMark(coverage.get(firstCamera) ?? [], addressMs), play: false }
      : null,
  );
  const [cursorMs, setCursorMs] = useState<number | null>(null);

  const cursor = cursorMs ?? addressMs;
  const cursorInDay = cursor !== null && cursor >= bounds.fromMs && cursor < bounds.toMs ? cursor : null;
  const seek = (ms: number, cameraId: string | null, play = true) => {
    const chosen = cameraId ?? chooseCamera(coverage, ms, [address.camera, wish?.cameraId ?? null]);
    if (!chosen) return;
    setCursorMs(ms);
    setView(revealInstant(view, ms, bounds));
    setWish({ cameraId: chosen, ms, play });
    go({ time: time.value.time(ms), playing: chosen }, true);
  };
  const changeDay = (change: Parameters<typeof go>[0]) => {
    setWish(null);
    setCursorMs(null);
    go({ ...change, time: null, playing: null });
  };
  return {
    address,
    today,
    bounds,
    cameras,
    allCameras,
    go,
    view,
    setView,
    content,
    problem,
    coverage,
    wish,
    cursor,
    setCursorMs,
    cursorInDay,
    seek,
    changeDay,
  };
};

/** Events and recordings of a day: player and timeline on one side, the list on the other. */
export const DayScreen = () => {
  const playback = useDayPlayback();
  const { address, bounds, cameras, go, view, setView, content, problem, coverage, wish, cursor, cursorInDay, seek, changeDay } = playback;
  const player = useRef<PlayerHandle | null>(null);
  return (
    <Page title={text.title} product={words.product}>
      <DayBar
        address={address}
        today={playback.today}
        cameras={playback.allCameras}
        onChange={changeDay}
        onShow={(kind) => go({ kind }, true)}
      />
      {problem && !content && <ProblemBox message={problem.message} action={problem.action} />}
      <div class="day-layout">
        <div class="day-watch">
          <DayPlayer
            wish={wish}
            cameraName={playback.allCameras.find(({ id }) => id === wish?.cameraId)?.name ?? ''}
            marks={coverage.get(wish?.cameraId ?? '') ?? []}
            handle={player}
            onTime={playback.setCursorMs}
            onSeek={(ms) => seek(ms, wish?.cameraId ?? null)}
          />
          <DayTimeline
            cameras={cameras}
            content={content}
            bounds={bounds}
            view={view}
            cursorMs={cursorInDay}
            activeCamera={wish?.cameraId ?? null}
            onView={setView}
            onSeek={seek}
            onPlayPause={() => player.current?.toggle()}
          />
          <ExportPanel
            day={address.day}
            cameraId={wish?.cameraId ?? address.camera ?? (cameras.length === 1 ? (cameras[0]?.id ?? null) : null)}
            coverage={coverage}
            cursorMs={cursorInDay}
          />
        </div>
        {content ? (
          <DayList
            content={content}
            address={address}
            playing={wish && cursor !== null ? { cameraId: wish.cameraId, ms: cursor } : null}
            onPlay={seek}
            onDay={(day) => changeDay({ day })}
            onShowAll={() => go({ kind: 'all', camera: null })}
          />
        ) : (
          !problem && <Loading label={words.loading} />
        )}
      </div>
    </Page>
  );
};
