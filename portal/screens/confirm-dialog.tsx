import type { IconNode } from 'lucide';
import type { ComponentChildren } from 'preact';
import { words } from '../format/words.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { ProblemBox } from '../parts/panel.tsx';
import type { Problem } from '../store/problem.ts';
import { useTask } from './use-task.ts';

interface ConfirmDialogProps {
  title: string;
  /** What the button that does it says. */
  goLabel: string;
  icon?: IconNode;
  /** `danger`: something is lost by it. */
  tone?: 'danger' | 'primary';
  /** There is nothing that could be done. */
  disabled?: boolean;
  /** Answers what went wrong; whoever has done it closes the dialog. */
  go: () => Promise<Problem | null>;
  onClose: () => void;
  children: ComponentChildren;
}

/** Asks before something is done that cannot be undone, or not at once. */
export const ConfirmDialog = ({ title, goLabel, icon, tone = 'danger', disabled = false, go, onClose, children }: ConfirmDialogProps) => {
  const task = useTask();
  return (
    <Dialog title={title} closeLabel={words.close} onClose={onClose}>
      {children}
      {task.problem && <ProblemBox message={task.problem.message} action={task.problem.action} />}
      <div class="row row-end">
        <Button onClick={onClose}>{words.cancel}</Button>
        <Button look={tone} {...(icon ? { icon } : {})} busy={task.isBusy} disabled={disabled} onClick={() => void task.run(go)}>
          {goLabel}
        </Button>
      </div>
    </Dialog>
  );
};
