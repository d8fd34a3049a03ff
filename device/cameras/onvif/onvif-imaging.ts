import { z } from 'zod';
import type { CameraControl, CameraControlChange } from '#device/contract/contract.ts';
import { Failure } from '#device/kernel/failure.ts';

/** The picture settings of a network camera in the words of a USB camera's: one page shows both. */

const numbers = { brightness: 'brightness', contrast: 'contrast', saturation: 'colorSaturation', sharpness: 'sharpness' } as const;
const labels: Record<keyof typeof numbers, string> = {
  brightness: 'Brightness',
  contrast: 'Contrast',
  saturation: 'Saturation',
  sharpness: 'Sharpness',
};
/** As ONVIF numbers nothing, these places are the numbers. */
const filterModes = ['AUTO', 'ON', 'OFF'] as const;
const filterLabels = { AUTO: 'By the light', ON: 'Day: infrared kept out', OFF: 'Night: infrared let in' };

const rangeSchema = z.object({ min: z.number().finite(), max: z.number().finite() });
const recordSchema = z.record(z.string(), z.unknown());

/** What the camera tells of both is taken; a setting without its range, or without a value, is left out. */
export function readImaging(settings: unknown, options: unknown): CameraControl[] {
  const values = recordSchema.safeParse(settings).data ?? {};
  const ranges = recordSchema.safeParse(options).data ?? {};
  const controls = (Object.keys(numbers) as (keyof typeof numbers)[]).flatMap((id) => {
    const value = values[numbers[id]];
    const range = rangeSchema.safeParse(ranges[numbers[id]]).data;
    // Whole numbers are what a slider here moves in; a range from 0 to 1 has none.
    if (typeof value !== 'number' || !range || range.max - range.min < 2) return [];
    const whole = Math.round(value);
    return [numberControl(id, whole, Math.ceil(range.min), Math.floor(range.max))];
  });
  const filter = (filterModes as readonly unknown[]).indexOf(values['irCutFilter']);
  const offered = [ranges['irCutFilterModes']].flat();
  const choices = filterModes.flatMap((mode, value) => (offered.includes(mode) ? [{ value, label: filterLabels[mode] }] : []));
  if (filter >= 0 && choices.length > 1)
    controls.push({ ...numberControl('ir_cut_filter', filter, 0, 2), label: 'Day and night', kind: 'choice', choices });
  return controls;
}

function numberControl(id: string, value: number, min: number, max: number): CameraControl {
  const label = id in labels ? labels[id as keyof typeof labels] : id;
  return { id, label, kind: 'number', min, max, step: 1, default: value, value, choices: [], changeable: true };
}

/** As the package takes them: it leaves out a number that is 0. Throws a Failure when it does not fit. */
export function imagingChange(controls: readonly CameraControl[], { id, value }: CameraControlChange): Record<string, string> {
  const control = controls.find((candidate) => candidate.id === id);
  if (!control) throw new Failure('not-found', 'This camera has no such control.');
  const fits =
    control.kind === 'choice' ? control.choices.some((choice) => choice.value === value) : value >= control.min && value <= control.max;
  if (!fits) throw new Failure('invalid-input', `${control.label} goes from ${control.min} to ${control.max}.`);
  if (control.kind === 'choice') return { irCutFilter: filterModes[value] ?? 'AUTO' };
  return { [numbers[id as keyof typeof numbers]]: String(value) };
}
