import { CalendarDays, ChevronLeft, ChevronRight } from 'lucide';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { DayAddress } from '../../format/day-address.ts';
import { addDays } from '../../format/time.ts';
import { words } from '../../format/words.ts';
import { Button, IconButton } from '../../parts/button.tsx';
import { Icon } from '../../parts/icon.tsx';
import { MonthPicker } from '../../parts/month-picker.tsx';
import { usePortal } from '../../store/portal.ts';

const text = words.day;
const kinds: readonly DayAddress['kind'][] = ['all', 'events', 'recordings', 'protected'];

interface DayBarProps {
  address: DayAddress;
  today: string;
  cameras: readonly { id: string; name: string }[];
  onChange: (change: Partial<DayAddress>) => void;
  onShow: (kind: DayAddress['kind']) => void;
}

/** Opens below its button; Escape or a click elsewhere closes it. */
const DayChooser = ({ address, today, onChange }: Pick<DayBarProps, 'address' | 'today' | 'onChange'>) => {
  const { day: store, time } = usePortal();
  const [isOpen, setOpen] = useState(false);
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!isOpen) return;
    place.current?.querySelector<HTMLElement>('[data-day][tabindex="0"]')?.focus();
    const closeOutside = (event: PointerEvent) => {
      if (event.target instanceof Node && !place.current?.contains(event.target)) setOpen(false);
    };
    const closeByKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      setOpen(false);
      place.current?.querySelector('button')?.focus();
    };
    document.addEventListener('pointerdown', closeOutside);
    document.addEventListener('keydown', closeByKey);
    return () => {
      document.removeEventListener('pointerdown', closeOutside);
      document.removeEventListener('keydown', closeByKey);
    };
  }, [isOpen]);
  const close = () => {
    setOpen(false);
    place.current?.querySelector('button')?.focus();
  };
  return (
    <div class="day-chooser" ref={place}>
      <button
        type="button"
        class="button button-plain"
        aria-expanded={isOpen}
        aria-label={`${text.pickDay}: ${time.value.dayLabel(address.day)}`}
        onClick={() => setOpen(!isOpen)}
      >
        <Icon of={CalendarDays} />
        <span class="tabular">{time.value.dayLabel(address.day)}</span>
      </button>
      {isOpen && (
        <div class="popover">
          <MonthPicker
            day={address.day}
            today={today}
            marked={new Set(store.days.value.value ?? [])}
            labels={{ previous: text.previousMonth, next: text.nextMonth, marked: text.hasRecordings }}
            dayLabel={time.value.dayLabel}
            onPick={(day) => {
              close();
              onChange({ day });
            }}
          />
        </div>
      )}
    </div>
  );
};

export const DayBar = ({ address, today, cameras, onChange, onShow }: DayBarProps) => (
  <div class="day-bar">
    <div class="row day-steps">
      <IconButton icon={ChevronLeft} label={text.previousDay} look="plain" onClick={() => onChange({ day: addDays(address.day, -1) })} />
      <DayChooser address={address} today={today} onChange={onChange} />
      <IconButton
        icon={ChevronRight}
        label={text.nextDay}
        look="plain"
        disabled={address.day >= today}
        onClick={() => onChange({ day: addDays(address.day, 1) })}
      />
      {address.day !== today && (
        <Button look="ghost" onClick={() => onChange({ day: today })}>
          {text.today}
        </Button>
      )}
    </div>
    <div class="row day-filters">
      <select
        class="input"
        aria-label={text.camera}
        value={address.camera ?? ''}
        onChange={(event) => onChange({ camera: event.currentTarget.value || null })}
      >
        <option value="">{text.allCameras}</option>
        {cameras.map((camera) => (
          <option key={camera.id} value={camera.id} selected={camera.id === address.camera}>
            {camera.name}
          </option>
        ))}
      </select>
      <fieldset class="segments">
        <legend class="unseen">{text.show}</legend>
        {kinds.map((kind) => (
          <label key={kind}>
            <input type="radio" name="show" checked={kind === address.kind} onChange={() => onShow(kind)} />
            <span>{text.kinds[kind]}</span>
          </label>
        ))}
      </fieldset>
    </div>
  </div>
);
