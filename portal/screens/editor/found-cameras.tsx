import { Plus, Radar, RefreshCw } from 'lucide';
import { useEffect, useState } from 'preact/hooks';
import { words } from '../../format/words.ts';
import { Button, LinkButton } from '../../parts/button.tsx';
import { Chip, Panel, ProblemBox } from '../../parts/panel.tsx';
import { Loading } from '../../parts/spinner.tsx';
import type { CameraSource, FoundCamera } from '../../store/model.ts';
import { usePortal } from '../../store/portal.ts';
import { CameraLogin } from './camera-login.tsx';
import '../../style/found.css';

const text = words.found;

const Picture = ({ found }: { found: FoundCamera }) => {
  const { addresses } = usePortal();
  const [isBroken, setBroken] = useState(false);
  if (!found.hasPicture || isBroken) return <span class="found-picture quiet">{text.noPicture}</span>;
  return (
    <img
      class="found-picture"
      src={addresses.foundPicture(found.id)}
      alt={text.picture(found.name)}
      loading="lazy"
      onError={() => setBroken(true)}
    />
  );
};

/** A camera on the device is known already; one in the network must be asked first. */
const Choice = ({ found, onChoose }: FoundProps) => {
  const [isAsked, setAsked] = useState(false);
  const { source, onvifUrl } = found;
  if (isAsked && onvifUrl !== null) return <CameraLogin name={found.name} onvifUrl={onvifUrl} onTold={onChoose} />;
  return (
    <Button small icon={Plus} onClick={() => (source === null ? setAsked(true) : onChoose(source))}>
      {text.use}
    </Button>
  );
};

interface FoundProps {
  found: FoundCamera;
  onChoose: (source: CameraSource) => void;
}

const Found = ({ found, onChoose }: FoundProps) => (
  <li class="found">
    <Picture found={found} />
    <div class="found-words">
      <strong>{found.name}</strong>
      <p class="quiet">{found.description}</p>
      {found.notes.map((note) => (
        <p key={note} class="field-hint">
          {note}
        </p>
      ))}
      {found.cameraId === null ? (
        <Choice found={found} onChoose={onChoose} />
      ) : (
        <span class="row">
          <Chip tone="good">{text.added}</Chip>
          <LinkButton small href={`/cameras/${encodeURIComponent(found.cameraId)}`}>
            {text.open}
          </LinkButton>
        </span>
      )}
    </div>
  </li>
);

/** What is plugged in, and what the network answers when it is asked. */
export const FoundCameras = ({ onChoose }: { onChoose: (source: CameraSource, name: string) => void }) => {
  const { discovery } = usePortal();
  const [chosen, setChosen] = useState<string | null>(null);
  const { value, problem, loading } = discovery.found.value;
  const isSearching = discovery.isSearching.value;
  useEffect(() => void discovery.load(), [discovery]);
  const choose = (source: CameraSource, name: string) => {
    setChosen(name);
    onChoose(source, name);
  };
  return (
    <Panel title={text.title}>
      {!value && loading && <Loading label={text.looking} />}
      {problem && <ProblemBox message={problem.message} action={problem.action} />}
      {value && value.cameras.length === 0 && <p class="quiet">{text.none}</p>}
      {value && value.cameras.length > 0 && (
        <ul class="found-list">
          {value.cameras.map((found) => (
            <Found key={found.id} found={found} onChoose={(source) => choose(source, found.name)} />
          ))}
        </ul>
      )}
      {value?.notes.map((note) => (
        <p key={note} class="field-hint">
          {note}
        </p>
      ))}
      <p role="status" class="field-hint">
        {chosen === null ? text.networkHint : text.chosen(chosen)}
      </p>
      <div class="row">
        <Button icon={Radar} busy={isSearching} onClick={() => void discovery.search()}>
          {isSearching ? text.networkBusy : text.network}
        </Button>
        <Button look="ghost" icon={RefreshCw} onClick={() => void discovery.load()}>
          {text.again}
        </Button>
      </div>
    </Panel>
  );
};
