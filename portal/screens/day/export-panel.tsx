import { Download, Scissors } from 'lucide';
import { useEffect, useState } from 'preact/hooks';
import { length } from '../../format/amounts.ts';
import { type CoverageMark, coveredMs } from '../../format/timeline.ts';
import { words } from '../../format/words.ts';
import { Button, LinkButton } from '../../parts/button.tsx';
import { TextField } from '../../parts/field.tsx';
import { Icon } from '../../parts/icon.tsx';
import { usePortal } from '../../store/portal.ts';

const text = words.day;

interface ExportPanelProps {
  day: string;
  cameraId: string | null;
  coverage: ReadonlyMap<string, CoverageMark[]>;
  cursorMs: number | null;
}

/** A span of one camera as one file. */
export const ExportPanel = ({ day, cameraId, coverage, cursorMs }: ExportPanelProps) => {
  const { time, addresses } = usePortal();
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  useEffect(() => {
    setFrom('');
    setTo('');
  }, [day]);
  const fromMs = time.value.instantOf(day, from);
  const toMs = time.value.instantOf(day, to);
  const isFilled = from !== '' && to !== '';
  const recordedMs = fromMs !== null && toMs !== null && cameraId ? coveredMs(coverage.get(cameraId) ?? [], fromMs, toMs) : 0;
  const problem =
    (isFilled && (fromMs === null || toMs === null) && text.exportTime) ||
    (fromMs !== null && toMs !== null && toMs <= fromMs && text.exportOrder) ||
    (isFilled && !cameraId && text.exportCamera) ||
    (isFilled && recordedMs === 0 && text.exportEmpty) ||
    null;
  const atCursor = cursorMs === null ? '' : time.value.time(cursorMs);
  const fields = [
    { label: text.exportFrom, value: from, set: setFrom, here: text.setFrom },
    { label: text.exportTo, value: to, set: setTo, here: text.setTo },
  ];
  return (
    <details class="export">
      <summary>
        <Icon of={Scissors} />
        {text.exportTitle}
      </summary>
      <div class="stack">
        <p class="quiet">{text.exportText}</p>
        <div class="columns">
          {fields.map(({ label, value, set, here }) => (
            <div key={label} class="stack-tight">
              <TextField label={label} value={value} onInput={set} placeholder="hh:mm:ss" inputMode="numeric" />
              <Button small look="ghost" disabled={!atCursor} onClick={() => set(atCursor)}>
                {here}
                {atCursor && ` (${atCursor})`}
              </Button>
            </div>
          ))}
        </div>
        <p role="status" class={problem ? 'field-error' : 'quiet'}>
          {problem ?? (recordedMs > 0 ? text.exportLength(length(recordedMs)) : '')}
        </p>
        {!problem && recordedMs > 0 && cameraId && fromMs !== null && toMs !== null && (
          <div class="row">
            <LinkButton look="primary" icon={Download} href={addresses.export(cameraId, fromMs, toMs)} download>
              {text.exportGo}
            </LinkButton>
          </div>
        )}
      </div>
    </details>
  );
};
