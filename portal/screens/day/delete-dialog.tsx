import { Trash2 } from 'lucide';
import { bytes } from '../../format/amounts.ts';
import { words } from '../../format/words.ts';
import { ProblemBox } from '../../parts/panel.tsx';
import type { Recording } from '../../store/model.ts';
import { usePortal } from '../../store/portal.ts';
import { ConfirmDialog } from '../confirm-dialog.tsx';

const text = words.day;

/** Asks before video is lost. Protected recordings are never part of it. */
export const DeleteDialog = ({ recordings, onClose }: { recordings: readonly Recording[]; onClose: (isDone: boolean) => void }) => {
  const { day: store, notices } = usePortal();
  const doomed = recordings.filter((recording) => !recording.protected);
  const kept = recordings.length - doomed.length;
  const size = doomed.reduce((sum, recording) => sum + recording.sizeBytes, 0);
  const remove = async () => {
    const answer = await store.remove(doomed.map((recording) => recording.id));
    if (answer.kind !== 'ok') return answer.kind === 'error' ? answer.problem : null;
    const { deleted, failed } = answer.value;
    if (deleted.length > 0) notices.good(text.removed(deleted.length));
    if (failed.length > 0) notices.bad(text.removeFailed(failed.length), failed[0]?.error.message ?? null);
    onClose(true);
    return null;
  };
  return (
    <ConfirmDialog
      title={text.confirmTitle(doomed.length)}
      goLabel={text.remove}
      icon={Trash2}
      disabled={doomed.length === 0}
      go={remove}
      onClose={() => onClose(false)}
    >
      <p>{text.confirmText(bytes(size))}</p>
      {kept > 0 && <ProblemBox tone="note" message={text.confirmProtected(kept)} />}
    </ConfirmDialog>
  );
};
