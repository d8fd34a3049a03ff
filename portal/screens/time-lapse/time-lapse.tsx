import { Images, Settings } from 'lucide';
import { useEffect, useState } from 'preact/hooks';
import { useRoute } from 'preact-iso';
import { bytes } from '../../format/amounts.ts';
import { words } from '../../format/words.ts';
import { LinkButton } from '../../parts/button.tsx';
import { SelectField } from '../../parts/field.tsx';
import { Page } from '../../parts/page.tsx';
import { Empty, ProblemBox } from '../../parts/panel.tsx';
import { Loading } from '../../parts/spinner.tsx';
import type { Camera } from '../../store/model.ts';
import { usePortal } from '../../store/portal.ts';
import { BackLink } from '../back-link.tsx';
import { NotFound } from '../not-found.tsx';
import { Film } from './film.tsx';
import '../../style/time-lapse.css';

const text = words.lapse;

const Days = ({ camera, day, onDay }: { camera: Camera; day: string; onDay: (day: string) => void }) => {
  const { timeLapse, time } = usePortal();
  const { value, problem } = timeLapse.reel.value;
  const options = (timeLapse.reels.value.value ?? []).map((reel) => ({
    value: reel.day,
    label: text.dayOption(time.value.dayLabel(reel.day), bytes(reel.sizeBytes)),
  }));
  useEffect(() => {
    void timeLapse.loadReel(camera.id, day);
  }, [camera.id, day]);
  return (
    <>
      <SelectField label={text.day} value={day} options={options} onChange={onDay} />
      {problem && <ProblemBox message={problem.message} action={problem.action} />}
      {value?.day === day && <Film key={`${camera.id} ${day}`} camera={camera} reel={value} />}
      {value?.day !== day && !problem && <Loading label={words.loading} />}
    </>
  );
};

const Reels = ({ camera }: { camera: Camera }) => {
  const { timeLapse } = usePortal();
  const [chosen, setChosen] = useState<string | null>(null);
  const { value, problem } = timeLapse.reels.value;
  useEffect(() => {
    void timeLapse.open(camera.id);
  }, [camera.id]);
  if (problem) return <ProblemBox message={problem.message} action={problem.action} />;
  if (!value) return <Loading label={words.loading} />;
  const shown = value.find(({ day }) => day === chosen) ?? value[0];
  if (shown) return <Days camera={camera} day={shown.day} onDay={setChosen} />;
  return (
    <Empty icon={Images} title={text.noneTitle} text={text.noneText}>
      <LinkButton href={`/cameras/${encodeURIComponent(camera.id)}/edit`} icon={Settings}>
        {text.settings}
      </LinkButton>
    </Empty>
  );
};

/** Day by day what a camera's time-lapse took. */
export const TimeLapseScreen = () => {
  const { params } = useRoute();
  const { cameras } = usePortal();
  const camera = cameras.find(params['id'] ?? '');
  if (!camera && cameras.list.value.value) return <NotFound />;
  if (!camera) {
    return (
      <Page title={text.title} product={words.product}>
        <Loading label={words.loading} />
      </Page>
    );
  }
  return (
    <Page
      title={text.titleOf(camera.name)}
      product={words.product}
      before={<BackLink href={`/cameras/${encodeURIComponent(camera.id)}`} label={camera.name} />}
    >
      <div class="stack lapse">
        <Reels key={camera.id} camera={camera} />
      </div>
    </Page>
  );
};
