import { Trash2 } from 'lucide';
import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { words } from '../../format/words.ts';
import { Button } from '../../parts/button.tsx';
import { CheckField } from '../../parts/field.tsx';
import { Panel } from '../../parts/panel.tsx';
import type { Camera } from '../../store/model.ts';
import { usePortal } from '../../store/portal.ts';
import { ConfirmDialog } from '../confirm-dialog.tsx';

const text = words.editor;

const RemoveDialog = ({ camera, onClose }: { camera: Camera; onClose: () => void }) => {
  const { cameras, notices } = usePortal();
  const { route } = useLocation();
  const [withRecordings, setWithRecordings] = useState(false);
  const remove = async () => {
    const answer = await cameras.remove(camera.id, withRecordings);
    if (answer.kind !== 'ok') return answer.kind === 'error' ? answer.problem : null;
    notices.good(text.removed(camera.name));
    route('/', true);
    return null;
  };
  return (
    <ConfirmDialog title={text.removeTitle(camera.name)} goLabel={text.removeGo} icon={Trash2} go={remove} onClose={onClose}>
      <p>{text.removeText}</p>
      <CheckField label={text.removeRecordings} checked={withRecordings} onChange={setWithRecordings} />
    </ConfirmDialog>
  );
};

export const RemoveSection = ({ camera }: { camera: Camera }) => {
  const [isOpen, setOpen] = useState(false);
  return (
    <Panel title={text.removeSection} tone="danger">
      <p class="quiet">{text.removeText}</p>
      <div class="row">
        <Button look="danger" icon={Trash2} onClick={() => setOpen(true)}>
          {text.removeGo}
        </Button>
      </div>
      {isOpen && <RemoveDialog camera={camera} onClose={() => setOpen(false)} />}
    </Panel>
  );
};
