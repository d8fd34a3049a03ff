import { ArrowDown, ArrowLeft, ArrowRight, ArrowUp, MapPin, Trash2, ZoomIn, ZoomOut } from 'lucide';
import { useEffect, useState } from 'preact/hooks';
import { words } from '../format/words.ts';
import { Button, IconButton } from '../parts/button.tsx';
import { TextField } from '../parts/field.tsx';
import { Panel, ProblemBox } from '../parts/panel.tsx';
import type { Ptz } from '../store/model.ts';
import { usePortal } from '../store/portal.ts';
import { problemOf } from '../store/problem.ts';
import { useTask } from './use-task.ts';
import '../style/found.css';

const text = words.found.ptz;
const speed = 0.5;
const durationMs = 400;

const directions = [
  { at: 'up', icon: ArrowUp, move: { tilt: speed } },
  { at: 'left', icon: ArrowLeft, move: { pan: -speed } },
  { at: 'right', icon: ArrowRight, move: { pan: speed } },
  { at: 'down', icon: ArrowDown, move: { tilt: -speed } },
  { at: 'zoomOut', icon: ZoomOut, move: { zoom: -speed } },
  { at: 'zoomIn', icon: ZoomIn, move: { zoom: speed } },
] as const;

type Run = ReturnType<typeof useTask>['run'];

const Pad = ({ cameraId, run }: { cameraId: string; run: Run }) => {
  const { discovery } = usePortal();
  return (
    <fieldset class="ptz-pad">
      <legend>{text.pad}</legend>
      {directions.map(({ at, icon, move }) => (
        <span key={at} class={`ptz-${at}`}>
          <IconButton
            icon={icon}
            look="plain"
            label={text[at]}
            onClick={() => void run(async () => problemOf(await discovery.move(cameraId, { ...move, durationMs })))}
          />
        </span>
      ))}
    </fieldset>
  );
};

const Places = ({ cameraId, ptz, run }: { cameraId: string; ptz: Ptz; run: Run }) => {
  const { discovery, notices, limits } = usePortal();
  const [name, setName] = useState('');
  const goTo = async (id: string, place: string) => {
    const problem = problemOf(await discovery.goToPreset(cameraId, id));
    if (!problem) notices.good(text.going(place));
    return problem;
  };
  const remember = async () => {
    const problem = problemOf(await discovery.addPreset(cameraId, name.trim()));
    if (!problem) setName('');
    return problem;
  };
  return (
    <>
      <h3>{text.places}</h3>
      {ptz.presets.length === 0 && <p class="quiet">{text.noPlaces}</p>}
      <ul class="ptz-places">
        {ptz.presets.map((preset) => (
          <li key={preset.id} class="row">
            <Button small icon={MapPin} title={text.goTo(preset.name)} onClick={() => void run(() => goTo(preset.id, preset.name))}>
              {preset.name}
            </Button>
            <IconButton
              small
              icon={Trash2}
              label={text.forget(preset.name)}
              onClick={() => void run(async () => problemOf(await discovery.removePreset(cameraId, preset.id)))}
            />
          </li>
        ))}
      </ul>
      <TextField label={text.newPlace} value={name} onInput={setName} maxLength={limits.nameLength} />
      <div class="row">
        <Button small disabled={!name.trim()} onClick={() => void run(remember)}>
          {text.remember}
        </Button>
      </div>
    </>
  );
};

/** Turns a camera that can be turned; shows nothing for one that cannot. */
export const PtzSection = ({ cameraId }: { cameraId: string }) => {
  const { discovery } = usePortal();
  const task = useTask();
  const { value } = discovery.ptz.value;
  useEffect(() => void discovery.loadPtz(cameraId), [discovery, cameraId]);
  if (!value?.canMove) return null;
  return (
    <Panel title={text.title}>
      <Pad cameraId={cameraId} run={task.run} />
      {task.problem && <ProblemBox message={task.problem.message} action={task.problem.action} />}
      <Places cameraId={cameraId} ptz={value} run={task.run} />
    </Panel>
  );
};
