import { words } from '../../format/words.ts';
import { CheckField } from '../../parts/field.tsx';
import { usePortal } from '../../store/portal.ts';

interface CameraChoiceProps {
  legend: string;
  chosen: readonly string[];
  onChange: (cameraIds: readonly string[]) => void;
}

/** Any number of the cameras there are. Those chosen before and gone since are left out with the next choice. */
export const CameraChoice = ({ legend, chosen, onChange }: CameraChoiceProps) => {
  const { cameras } = usePortal();
  const all = cameras.list.value.value ?? [];
  const choose = (id: string, isOn: boolean) =>
    onChange(all.map((camera) => camera.id).filter((other) => (other === id ? isOn : chosen.includes(other))));
  return (
    <fieldset class="choices">
      <legend>{legend}</legend>
      {all.length === 0 && <p class="quiet">{words.pins.noCameras}</p>}
      <div class="row">
        {all.map((camera) => (
          <CheckField
            key={camera.id}
            label={camera.name}
            checked={chosen.includes(camera.id)}
            onChange={(isOn) => choose(camera.id, isOn)}
          />
        ))}
      </div>
    </fieldset>
  );
};
