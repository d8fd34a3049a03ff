import { words } from '../../format/words.ts';
import { SelectField } from '../../parts/field.tsx';
import { Facts } from '../../parts/panel.tsx';
import type { SourceDraft, UsbSource } from '../../store/camera-draft.ts';

const text = words.found.usb;

const sizes = ['640x360', '640x480', '1280x720', '1920x1080'];
const rates = ['5', '10', '15', '25', '30'];

/** The usual ones, and the one that is set. */
const withOwn = (usual: readonly string[], own: string) => (usual.includes(own) ? usual : [own, ...usual]);

const Fields = ({ usb, set }: { usb: UsbSource; set: (change: Partial<UsbSource>) => void }) => {
  const size = `${usb.width}x${usb.height}`;
  const { device } = usb;
  return (
    <>
      <Facts
        facts={[
          { label: text.device, value: [device.model, device.serial ? text.serial(device.serial) : text.port(device.port)].join(', ') },
        ]}
      />
      <div class="columns">
        <SelectField
          label={text.size}
          value={size}
          options={withOwn(sizes, size).map((value) => ({ value, label: value.replace('x', '×') }))}
          onChange={(value) => {
            const [width = usb.width, height = usb.height] = value.split('x').map(Number);
            set({ width, height });
          }}
        />
        <SelectField
          label={text.rate}
          value={String(usb.framesPerSecond)}
          options={withOwn(rates, String(usb.framesPerSecond)).map((value) => ({ value, label: value }))}
          onChange={(value) => set({ framesPerSecond: Number(value) })}
        />
      </div>
      <SelectField
        label={text.format}
        value={usb.format}
        options={(['auto', 'h264', 'mjpeg', 'raw'] as const).map((value) => ({ value, label: text.formats[value] }))}
        onChange={(format) => set({ format })}
        hint={text.hint}
      />
    </>
  );
};

interface UsbFieldsProps {
  draft: SourceDraft;
  onChange: (draft: SourceDraft) => void;
  isTried: boolean;
}

export const UsbFields = ({ draft, onChange, isTried }: UsbFieldsProps) => {
  const { usb } = draft;
  if (!usb) return <p class={isTried ? 'field-error' : 'field-hint'}>{text.none}</p>;
  return <Fields usb={usb} set={(change) => onChange({ ...draft, usb: { ...usb, ...change } })} />;
};
