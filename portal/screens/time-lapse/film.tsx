import { Download, Image, Pause, Play, Trash2 } from 'lucide';
import { useState } from 'preact/hooks';
import { bytes } from '../../format/amounts.ts';
import { words } from '../../format/words.ts';
import { Button, LinkButton } from '../../parts/button.tsx';
import { SelectField } from '../../parts/field.tsx';
import type { Camera, Reel } from '../../store/model.ts';
import { usePortal } from '../../store/portal.ts';
import { ConfirmDialog } from '../confirm-dialog.tsx';
import { useFilm } from './use-film.ts';

const text = words.lapse;
const speeds = ['5', '12', '25'] as const;
type Speed = (typeof speeds)[number];
const stripLength = 6;

interface ReelProps {
  camera: Camera;
  reel: Reel;
}

interface StripProps extends ReelProps {
  timeOf(index: number): string;
  onChoose(index: number): void;
}

/** Some pictures of the day, evenly apart. */
const Strip = ({ camera, reel, timeOf, onChoose }: StripProps) => {
  const { addresses } = usePortal();
  const count = Math.min(stripLength, reel.pictures.length);
  const indices = Array.from({ length: count }, (_, place) => Math.round((place * (reel.pictures.length - 1)) / Math.max(1, count - 1)));
  return (
    <fieldset class="lapse-strip">
      <legend class="unseen">{text.strip}</legend>
      {indices.map((index) => (
        <button key={index} type="button" aria-label={text.jump(timeOf(index))} onClick={() => onChoose(index)}>
          <img src={addresses.reelPicture(camera.id, reel.day, reel.pictures[index] ?? '')} alt="" loading="lazy" />
          <span class="tabular">{timeOf(index)}</span>
        </button>
      ))}
    </fieldset>
  );
};

const RemoveDialog = ({ camera, reel, onClose }: ReelProps & { onClose: () => void }) => {
  const { timeLapse, notices, time } = usePortal();
  const day = time.value.dayLabel(reel.day);
  const remove = async () => {
    const answer = await timeLapse.remove(camera.id, reel.day);
    if (answer.kind !== 'ok') return answer.kind === 'error' ? answer.problem : null;
    notices.good(text.removed(day));
    return null;
  };
  return (
    <ConfirmDialog title={text.removeTitle(day)} goLabel={text.remove} icon={Trash2} go={remove} onClose={onClose}>
      <p>{text.removeText(bytes(reel.sizeBytes))}</p>
    </ConfirmDialog>
  );
};

/** The pictures of a day, one after the other. */
export const Film = ({ camera, reel }: ReelProps) => {
  const { addresses, time } = usePortal();
  const [speed, setSpeed] = useState<Speed>('12');
  const [isRemoving, setRemoving] = useState(false);
  const count = reel.pictures.length;
  const film = useFilm(count, Number(speed));
  const timeOf = (index: number) => time.value.time(Date.parse(reel.pictures[index] ?? ''));
  const address = addresses.reelPicture(camera.id, reel.day, reel.pictures[film.index] ?? '');
  const now = timeOf(film.index);
  return (
    <div class="stack">
      <img class="lapse-picture" src={address} alt={text.picture(camera.name, now)} onLoad={film.arrived} onError={film.arrived} />
      <div class="lapse-bar">
        <Button look="primary" icon={film.isPlaying ? Pause : Play} disabled={count < 2} onClick={film.isPlaying ? film.pause : film.play}>
          {film.isPlaying ? text.pause : text.play}
        </Button>
        <input
          type="range"
          aria-label={text.position}
          aria-valuetext={now}
          min={0}
          max={count - 1}
          value={film.index}
          onInput={(event) => film.goTo(Number(event.currentTarget.value))}
        />
        <output class="tabular">
          {now} <small>{text.of(film.index + 1, count)}</small>
        </output>
      </div>
      <Strip camera={camera} reel={reel} timeOf={timeOf} onChoose={film.goTo} />
      <div class="row">
        <SelectField
          label={text.speed}
          value={speed}
          options={speeds.map((value) => ({ value, label: text.speeds[value] }))}
          onChange={setSpeed}
        />
      </div>
      <div class="row">
        <LinkButton href={addresses.reelFilm(camera.id, reel.day)} icon={Download} download>
          {text.save}
        </LinkButton>
        <LinkButton href={address} icon={Image} download={`${camera.name} ${reel.day} ${now.replaceAll(':', '-')}.jpg`}>
          {text.savePicture}
        </LinkButton>
        <Button look="danger" icon={Trash2} onClick={() => setRemoving(true)}>
          {text.remove}
        </Button>
      </div>
      <p class="field-hint">{text.saveHint}</p>
      {isRemoving && <RemoveDialog camera={camera} reel={reel} onClose={() => setRemoving(false)} />}
    </div>
  );
};
