import { SlidersHorizontal } from 'lucide';
import { useMemo, useState } from 'preact/hooks';
import { knownZones } from '../../format/time.ts';
import { words } from '../../format/words.ts';
import { Button } from '../../parts/button.tsx';
import { SelectField, Switch, TextField } from '../../parts/field.tsx';
import { Panel, ProblemBox } from '../../parts/panel.tsx';
import { Loading } from '../../parts/spinner.tsx';
import type { DeviceSettings } from '../../store/model.ts';
import { usePortal } from '../../store/portal.ts';
import { problemOf } from '../../store/problem.ts';
import { changeOfSettings, draftOfSettings, type SettingsDraft, wrongSettings } from '../../store/settings-draft.ts';
import { useTask } from '../use-task.ts';

const text = words.system;

type Shown = DeviceSettings & { fixedByEnvironment: readonly string[] };
type TextName = Exclude<keyof SettingsDraft, 'announce' | 'statusLights' | 'timeZone'>;

/** Each field with the dotted name under which the environment may fix it. */
const fields: readonly { name: TextName; setting: string; label: string; hint?: (draft: SettingsDraft) => string; wrong: string }[] = [
  { name: 'deviceName', setting: 'deviceName', label: text.deviceName, wrong: words.editor.needed },
  {
    name: 'hostName',
    setting: 'network.hostName',
    label: text.hostName,
    hint: (draft) => text.hostNameHint(draft.hostName, location.port),
    wrong: text.hostNameWrong,
  },
  {
    name: 'timeServers',
    setting: 'network.timeServers',
    label: text.timeServers,
    hint: () => text.timeServersHint,
    wrong: text.timeServersWrong,
  },
  {
    name: 'maxGigabytes',
    setting: 'storage.maxBytes',
    label: text.storageMax,
    hint: () => text.storageMaxHint,
    wrong: words.editor.positive,
  },
  { name: 'minFreeGigabytes', setting: 'storage.minFreeBytes', label: text.storageMinFree, wrong: words.editor.numberBetween(0, 1e6) },
  {
    name: 'maxAgeDays',
    setting: 'storage.maxAgeDays',
    label: text.storageMaxAge,
    hint: () => words.editor.maxAgeHint,
    wrong: words.editor.positive,
  },
];

const switches = [
  { name: 'announce', setting: 'network.announce', label: text.announce },
  { name: 'statusLights', setting: 'hardware.statusLights', label: text.statusLights },
] as const;

const useSave = () => {
  const { system, notices } = usePortal();
  return async (change: NonNullable<ReturnType<typeof changeOfSettings>>) => {
    const problem = problemOf(await system.changeSettings(change));
    if (!problem) notices.good(words.saved);
    return problem;
  };
};

const SettingsForm = ({ settings }: { settings: Shown }) => {
  const save = useSave();
  const [draft, setDraft] = useState(() => draftOfSettings(settings));
  const task = useTask();
  const zones = useMemo(() => [...new Set([settings.timeZone, ...knownZones()])].map((zone) => ({ value: zone, label: zone })), [settings]);
  const wrong = wrongSettings(draft);
  const change = changeOfSettings(draft, settings);
  const isFixed = (setting: string) => settings.fixedByEnvironment.includes(setting);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (change && wrong.size === 0) void task.run(() => save(change));
  };
  const fieldOf = (name: TextName) => {
    const field = fields.find((candidate) => candidate.name === name);
    if (!field) return null;
    const hint = isFixed(field.setting) ? text.fixed : field.hint?.(draft);
    return (
      <TextField
        key={name}
        label={field.label}
        value={draft[name]}
        disabled={isFixed(field.setting)}
        onInput={(value) => setDraft({ ...draft, [name]: value })}
        error={wrong.has(name) ? field.wrong : null}
        {...(hint ? { hint } : {})}
      />
    );
  };
  return (
    <form class="stack" noValidate onSubmit={submit}>
      {fieldOf('deviceName')}
      <SelectField
        label={text.timeZone}
        value={draft.timeZone}
        options={zones}
        hint={isFixed('timeZone') ? text.fixed : text.timeZoneHint}
        disabled={isFixed('timeZone')}
        onChange={(timeZone) => setDraft({ ...draft, timeZone })}
      />
      {fieldOf('hostName')}
      {switches.map(({ name, setting, label }) => (
        <Switch
          key={name}
          label={label}
          checked={draft[name]}
          disabled={isFixed(setting)}
          onChange={(value) => setDraft({ ...draft, [name]: value })}
        />
      ))}
      {fieldOf('timeServers')}
      <div class="columns">{(['maxGigabytes', 'minFreeGigabytes', 'maxAgeDays'] as const).map(fieldOf)}</div>
      {task.problem && <ProblemBox message={task.problem.message} action={task.problem.action} />}
      <div class="row">
        <Button look="primary" type="submit" busy={task.isBusy} disabled={!change || wrong.size > 0}>
          {task.isBusy ? words.saving : words.save}
        </Button>
      </div>
    </form>
  );
};

export const SettingsSection = () => {
  const { system } = usePortal();
  const { value, problem } = system.settings.value;
  return (
    <Panel title={text.settings} icon={SlidersHorizontal}>
      {problem && !value && <ProblemBox message={problem.message} action={problem.action} />}
      {!value && !problem && <Loading label={words.loading} />}
      {value && <SettingsForm settings={value} />}
    </Panel>
  );
};
