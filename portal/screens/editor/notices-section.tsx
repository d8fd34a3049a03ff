import { words } from '../../format/words.ts';
import { CheckField, Switch } from '../../parts/field.tsx';
import { Panel } from '../../parts/panel.tsx';
import { withNoticeKind } from '../../store/camera-edit.ts';
import type { NoticeKind } from '../../store/model.ts';
import type { Editing } from './use-draft.ts';

const text = words.editor.notices;
const kinds = Object.entries(text.kind) as [NoticeKind, string][];

/** Whether a network camera is listened to, and for what. */
export const NoticesSection = ({ editing: { draft, set } }: { editing: Editing }) => {
  const hasAddress = draft.source.onvifUrl.trim() !== '';
  return (
    <Panel title={text.title}>
      <Switch
        label={text.enabled}
        hint={hasAddress ? text.hint : text.needsAddress}
        checked={draft.noticesEnabled}
        disabled={!hasAddress && !draft.noticesEnabled}
        onChange={(noticesEnabled) => set({ noticesEnabled })}
      />
      {draft.noticesEnabled && (
        <fieldset class="choices">
          <legend>{text.kinds}</legend>
          <div class="row">
            {kinds.map(([kind, label]) => (
              <CheckField
                key={kind}
                label={label}
                checked={draft.noticeKinds.includes(kind)}
                onChange={(isOn) => set({ noticeKinds: withNoticeKind(draft.noticeKinds, kind, isOn) })}
              />
            ))}
          </div>
        </fieldset>
      )}
    </Panel>
  );
};
