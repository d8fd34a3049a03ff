import { Trash2 } from 'lucide';
import { useState } from 'preact/hooks';
import { bytes } from '../../format/amounts.ts';
import { diskWords as text } from '../../format/words-disks.ts';
import { TextField } from '../../parts/field.tsx';
import { Facts, ProblemBox } from '../../parts/panel.tsx';
import type { Disk } from '../../store/model.ts';
import { usePortal } from '../../store/portal.ts';
import { ConfirmDialog } from '../confirm-dialog.tsx';

export const nameOf = ({ model, name }: Disk) => text.disk(model, name);

interface KeepDialogProps {
  /** null: the card of the device itself. */
  disk: Disk | null;
  onClose: () => void;
}

export const KeepDialog = ({ disk, onClose }: KeepDialogProps) => {
  const { system, notices } = usePortal();
  const place = disk ? nameOf(disk) : text.theOwnCard;
  const keep = async () => {
    const problem = await system.disks.choose(disk?.volumeId ?? null);
    if (problem) return problem;
    notices.good(text.startsAnew(place));
    onClose();
    return null;
  };
  return (
    <ConfirmDialog title={text.keepTitle(place)} goLabel={text.keep} tone="primary" go={keep} onClose={onClose}>
      <p>{text.keepStarts}</p>
      <p>{text.keepOld}</p>
      {disk && <p>{text.keepRest}</p>}
    </ConfirmDialog>
  );
};

/** The name has to be typed: two disks of one model differ in nothing else, and the wrong one cannot be had back. */
export const EraseDialog = ({ disk, onClose }: { disk: Disk; onClose: () => void }) => {
  const { system, notices } = usePortal();
  const [typed, setTyped] = useState('');
  const erase = async () => {
    // It may take a minute, which nobody has to spend in front of a dialog: the list tells how it goes.
    onClose();
    if (await system.disks.erase(disk.id)) notices.good(text.erased(nameOf(disk)));
    return null;
  };
  return (
    <ConfirmDialog
      title={text.eraseTitle(nameOf(disk))}
      goLabel={text.eraseGo}
      icon={Trash2}
      disabled={typed.trim().toLowerCase() !== disk.name.toLowerCase()}
      go={erase}
      onClose={onClose}
    >
      <ProblemBox message={text.eraseText} />
      <Facts
        facts={[
          { label: text.model, value: nameOf(disk) },
          { label: text.size, value: bytes(disk.sizeBytes) },
          { label: text.content, value: disk.content ?? text.empty },
        ]}
      />
      <TextField label={text.eraseType(disk.name)} value={typed} onInput={setTyped} />
    </ConfirmDialog>
  );
};
