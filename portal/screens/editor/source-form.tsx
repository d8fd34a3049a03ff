import { words } from '../../format/words.ts';
import { ChoiceCards, SelectField, Switch, TextField } from '../../parts/field.tsx';
import { PasswordField } from '../../parts/password-field.tsx';
import type { SavedPassword, SourceDraft } from '../../store/camera-draft.ts';
import { PiFields } from './pi-fields.tsx';
import { UsbFields } from './usb-fields.tsx';

const text = words.editor;

interface SourceFormProps {
  draft: SourceDraft;
  onChange: (draft: SourceDraft) => void;
  /** What an empty field does to a password that is saved already. */
  savedPassword: SavedPassword;
  isTried: boolean;
}

const passwordHints = { none: {}, kept: { hint: text.passwordKept }, 'needed-again': { hint: text.passwordAgain } };

const NetworkFields = ({ draft, onChange, savedPassword, isTried }: SourceFormProps) => (
  <>
    <TextField
      label={text.url}
      type="url"
      inputMode="url"
      value={draft.url}
      onInput={(url) => onChange({ ...draft, url })}
      hint={text.urlHint}
      placeholder="rtsp://"
      error={isTried && !draft.url.trim() ? text.needed : null}
    />
    <div class="columns">
      <TextField
        label={text.username}
        note={words.optional}
        name="camera-user"
        value={draft.username}
        onInput={(username) => onChange({ ...draft, username })}
      />
      <PasswordField
        label={text.password}
        note={words.optional}
        name="camera-password"
        autoComplete="off"
        value={draft.password}
        onInput={(password) => onChange({ ...draft, password })}
        show={words.claim.show}
        hide={words.claim.hide}
        {...passwordHints[savedPassword]}
      />
    </div>
    <TextField
      label={text.subUrl}
      note={words.optional}
      type="url"
      inputMode="url"
      value={draft.subUrl}
      onInput={(subUrl) => onChange({ ...draft, subUrl })}
      hint={text.subUrlHint}
    />
    <SelectField
      label={text.transport}
      value={draft.transport}
      options={[
        { value: 'tcp', label: text.transports.tcp },
        { value: 'udp', label: text.transports.udp },
      ]}
      onChange={(transport) => onChange({ ...draft, transport })}
    />
  </>
);

const OnvifField = ({ draft, onChange }: SourceFormProps) => (
  <TextField
    label={text.onvifUrl}
    note={words.optional}
    type="url"
    inputMode="url"
    value={draft.onvifUrl}
    onInput={(onvifUrl) => onChange({ ...draft, onvifUrl })}
    hint={text.onvifUrlHint}
  />
);

/** Where the picture comes from. */
export const SourceForm = (props: SourceFormProps) => {
  const { draft, onChange, isTried } = props;
  return (
    <div class="stack">
      <ChoiceCards
        legend={text.kind}
        value={draft.kind}
        options={(['rtsp', 'usb', 'pi', 'file', 'demo'] as const).map((value) => ({ value, ...text.kinds[value] }))}
        onChange={(kind) => onChange({ ...draft, kind })}
      />
      {draft.kind === 'rtsp' && <NetworkFields {...props} />}
      {draft.kind === 'rtsp' && <OnvifField {...props} />}
      {draft.kind === 'usb' && <UsbFields {...props} />}
      {draft.kind === 'pi' && <PiFields draft={draft.pi} onChange={(pi) => onChange({ ...draft, pi })} />}
      {draft.kind === 'file' && (
        <>
          <TextField
            label={text.filePath}
            value={draft.path}
            onInput={(path) => onChange({ ...draft, path })}
            hint={text.filePathHint}
            error={isTried && !draft.path.trim() ? text.needed : null}
          />
          <Switch label={text.loop} checked={draft.loop} onChange={(loop) => onChange({ ...draft, loop })} />
        </>
      )}
    </div>
  );
};
