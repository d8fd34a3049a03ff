import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { words } from '../../format/words.ts';
import { type CameraDraft, changeOfDraft, draftOfCamera, wrongFields } from '../../store/camera-edit.ts';
import type { Camera } from '../../store/model.ts';
import { usePortal } from '../../store/portal.ts';
import { useTask } from '../use-task.ts';

/** What was typed, what of it differs from the camera, and saving that. */
export const useDraft = (camera: Camera) => {
  const { cameras, notices } = usePortal();
  const { route } = useLocation();
  const [draft, setDraft] = useState<CameraDraft>(() => draftOfCamera(camera));
  const [isTried, setTried] = useState(false);
  const task = useTask();
  const wrong = wrongFields(draft);
  const change = changeOfDraft(draft, camera);
  const send = async (saveAnyway: boolean) => {
    if (!change) return null;
    const answer = await cameras.change(camera.id, saveAnyway ? { ...change, saveAnyway } : change);
    if (answer.kind !== 'ok') return answer.kind === 'error' ? answer.problem : null;
    notices.good(words.saved);
    route(`/cameras/${encodeURIComponent(camera.id)}`);
    return null;
  };
  return {
    draft,
    set: (part: Partial<CameraDraft>) => setDraft({ ...draft, ...part }),
    discard: () => setDraft(draftOfCamera(camera)),
    isTried,
    wrong,
    isChanged: change !== null,
    task,
    save: (saveAnyway: boolean) => {
      setTried(true);
      if (wrong.size === 0) void task.run(() => send(saveAnyway));
    },
    tell: () => setTried(true),
  };
};
export type Editing = ReturnType<typeof useDraft>;
