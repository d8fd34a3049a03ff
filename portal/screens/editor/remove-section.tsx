import { Trash2 } from 'lucide';
import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { words } from '../../format/words.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { CheckField } from '../../parts/field.tsx';
import { Panel, ProblemBox } from '../../parts/panel.tsx';
import type { Camera } from '../../store/model.ts';
import { usePortal } from '../../store/portal.ts';
import { useTask } from '../use-task.ts';

const text = words.editor;

const RemoveDialog = ({ camera, onClose }: { camera: Camera; onClose: () => void }) => {
  const { cameras, notices } = usePortal();
  const { route } = useLocation();
  const [withRecordings, setWithRecordings] = useState(false);
  const task = useTask();
  const remove = async () => {
    const answer = await cameras.remove(camera.id, withRecordings);
    if (answer.kind !== 'ok') return answer.kind === 'error' ? answer.problem : null;
    notices.good(text.removed(camera.name));
    route('/', true);
    return null;
  };
  return (
    <Dialog title={text.removeTitle(camera.name)} closeLabel={words.close} onClose={onClose}>
      <p>{text.removeText}</p>
      <CheckField label={text.removeRecordings} checked={withRecordings} onChange={setWithRecordings} />
      {task.problem && <ProblemBox message={task.problem.message} action={task.problem.action} />}
      <div class="row row-end">
        <Button onClick={onClose}>{words.cancel}</Button>
        <Button look="danger" icon={Trash2} busy={task.isBusy} onClick={() => void task.run(remove)}>
          {text.removeGo}
        </Button>
      </div>
    </Dialog>
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
