import { Plus, Trash2 } from 'lucide';
import { useEffect, useRef, useState } from 'preact/hooks';
import { words } from '../../format/words.ts';
import { freshZone } from '../../format/zones.ts';
import { Button, IconButton } from '../../parts/button.tsx';
import { TextField } from '../../parts/field.tsx';
import { Chip } from '../../parts/panel.tsx';
import { ZoneCanvas } from '../../parts/zone-canvas.tsx';
import type { Camera, Zone } from '../../store/model.ts';
import { usePortal } from '../../store/portal.ts';
import { LiveView } from '../live/live-view.tsx';

const text = words.editor;

interface ZoneSectionProps {
  camera: Camera;
  zones: Zone[];
  isTried: boolean;
  onChange: (zones: Zone[]) => void;
}

interface ZoneLineProps {
  zone: Zone;
  isSelected: boolean;
  error: string | null;
  onSelect: () => void;
  onRename: (name: string) => void;
  onRemove: () => void;
}

const ZoneLine = ({ zone, isSelected, error, onSelect, onRename, onRemove }: ZoneLineProps) => {
  const { limits } = usePortal();
  return (
    <li data-selected={isSelected || undefined} onFocusCapture={onSelect}>
      <TextField label={text.zoneName} value={zone.name} maxLength={limits.nameLength} onInput={onRename} error={error} />
      <Chip tone={zone.kind === 'include' ? 'good' : 'bad'}>{text.zoneKinds[zone.kind]}</Chip>
      <IconButton icon={Trash2} label={text.zoneRemove(zone.name)} onClick={onRemove} />
    </li>
  );
};

/** A new zone is what comes next: with the keyboard it is right there, and a screen reader says that it exists. */
const useFreshZone = (count: number) => {
  const stage = useRef<HTMLDivElement>(null);
  const isExpected = useRef(false);
  useEffect(() => {
    if (!isExpected.current) return;
    isExpected.current = false;
    stage.current?.querySelector<SVGElement>('.zone[data-selected]')?.focus();
  }, [count]);
  const expect = () => {
    isExpected.current = true;
  };
  return { stage, expect };
};

/** Zones drawn over the live picture, and their names beside it. */
export const ZoneSection = ({ camera, zones, isTried, onChange }: ZoneSectionProps) => {
  const { limits } = usePortal();
  const [selected, setSelected] = useState<number | null>(zones.length > 0 ? 0 : null);
  const fresh = useFreshZone(zones.length);
  const { stream } = camera.status;
  const picture = { width: stream?.width ?? 1600, height: stream?.height ?? 900 };
  const replace = (index: number, change: Partial<Zone>) =>
    onChange(zones.map((zone, at) => (at === index ? { ...zone, ...change } : zone)));
  const add = (kind: Zone['kind']) => {
    const count = zones.filter((zone) => zone.kind === kind).length;
    onChange([...zones, freshZone(text.zoneFresh(kind, count + 1), kind, zones.length)]);
    setSelected(zones.length);
    fresh.expect();
  };
  const isFull = zones.length >= limits.zonesPerCamera;
  return (
    <div class="stack">
      <p class="quiet">{text.zonesText}</p>
      <div class="zone-stage" ref={fresh.stage}>
        <LiveView camera={camera} size="tile" />
        <ZoneCanvas
          zones={zones}
          selected={selected}
          picture={picture}
          mostPoints={limits.pointsPerZone}
          words={{ canvas: text.zoneCanvas, point: text.zonePoint, shape: text.zoneShape, middle: text.zoneMiddle }}
          onSelect={setSelected}
          onChange={(index, points) => replace(index, { points })}
        />
      </div>
      <div class="row">
        <Button small icon={Plus} disabled={isFull} onClick={() => add('include')}>
          {text.zoneAddInclude}
        </Button>
        <Button small icon={Plus} disabled={isFull} onClick={() => add('exclude')}>
          {text.zoneAddExclude}
        </Button>
      </div>
      {isFull && <p class="field-hint">{text.zoneMost(limits.zonesPerCamera)}</p>}
      {zones.length > 0 && <p class="field-hint">{text.zoneHelp}</p>}
      <ul class="zone-list">
        {zones.map((zone, index) => (
          <ZoneLine
            key={`zone-${index}`}
            zone={zone}
            isSelected={index === selected}
            error={isTried && !zone.name.trim() ? text.zoneNameMissing : null}
            onSelect={() => setSelected(index)}
            onRename={(name) => replace(index, { name })}
            onRemove={() => {
              onChange(zones.toSpliced(index, 1));
              setSelected(null);
            }}
          />
        ))}
      </ul>
    </div>
  );
};
