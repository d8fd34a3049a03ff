import type { CameraSource } from '../api/api.ts';
import { typedNumber } from './typed-number.ts';

export type PiSource = Extract<CameraSource, { kind: 'pi' }>;
type ExposureMode = NonNullable<NonNullable<PiSource['exposure']>['mode']>;
type WhiteBalanceMode = NonNullable<NonNullable<PiSource['whiteBalance']>['mode']>;
type FocusMode = NonNullable<PiSource['focus']>['mode'];

/** A Pi camera's settings while they are typed; an empty field or `default` leaves the choice to the camera. */
export interface PiDraft {
  camera: string;
  /** WIDTHxHEIGHT. */
  size: string;
  framesPerSecond: string;
  megabits: string;
  isUpsideDown: boolean;
  mirror: boolean;
  hdr: NonNullable<PiSource['hdr']> | 'default';
  focus: FocusMode | 'default';
  lensPosition: string;
  exposure: ExposureMode | 'default';
  shutterUs: string;
  gain: string;
  ev: string;
  flicker: '50' | '60' | 'default';
  whiteBalance: WhiteBalanceMode | 'default';
  tuningFile: string;
  /** Of the part that is shown, in per cent. */
  left: string;
  top: string;
  width: string;
  height: string;
}

export type PiNumber = 'framesPerSecond' | 'megabits' | 'lensPosition' | 'shutterUs' | 'gain' | 'ev' | 'left' | 'top' | 'width' | 'height';

/** Least and most of each, as the device takes them. */
export const piBounds: Readonly<Record<PiNumber, readonly [number, number]>> = {
  framesPerSecond: [1, 60],
  megabits: [0.1, 25],
  lensPosition: [0, 32],
  shutterUs: [20, 1_000_000],
  gain: [1, 64],
  ev: [-10, 10],
  left: [0, 95],
  top: [0, 95],
  width: [5, 100],
  height: [5, 100],
};

export const emptyPi: PiDraft = {
  camera: '',
  size: '1920x1080',
  framesPerSecond: '20',
  megabits: '',
  isUpsideDown: false,
  mirror: false,
  hdr: 'default',
  focus: 'default',
  lensPosition: '',
  exposure: 'default',
  shutterUs: '',
  gain: '',
  ev: '',
  flicker: 'default',
  whiteBalance: 'default',
  tuningFile: '',
  left: '',
  top: '',
  width: '',
  height: '',
};

const typed = (value: number | undefined): string => (value === undefined ? '' : String(Math.round(value * 1000) / 1000));
const percent = (value: number | undefined): string => typed(value === undefined ? undefined : value * 100);

export const draftOfPi = (source: PiSource): PiDraft => ({
  camera: source.camera ?? '',
  size: `${source.width}x${source.height}`,
  framesPerSecond: typed(source.framesPerSecond),
  megabits: typed(source.bitsPerSecond === undefined ? undefined : source.bitsPerSecond / 1e6),
  isUpsideDown: source.rotation === 180,
  mirror: source.mirror ?? false,
  hdr: source.hdr ?? 'default',
  focus: source.focus?.mode ?? 'default',
  lensPosition: typed(source.focus?.lensPosition),
  exposure: source.exposure?.mode ?? 'default',
  shutterUs: typed(source.exposure?.shutterUs),
  gain: typed(source.exposure?.gain),
  ev: typed(source.exposure?.ev),
  flicker: source.exposure?.flickerHz === undefined ? 'default' : source.exposure.flickerHz === 50 ? '50' : '60',
  whiteBalance: source.whiteBalance?.mode ?? 'default',
  tuningFile: source.tuningFile ?? '',
  left: percent(source.region?.x),
  top: percent(source.region?.y),
  width: percent(source.region?.width),
  height: percent(source.region?.height),
});

/** What cannot be sent as it is typed. */
export const wrongInPi = (draft: PiDraft): ReadonlySet<PiNumber | 'camera' | 'tuningFile'> => {
  const wrong = new Set<PiNumber | 'camera' | 'tuningFile'>();
  for (const field of Object.keys(piBounds) as PiNumber[]) {
    const value = typedNumber(draft[field], ...piBounds[field]);
    if (value === undefined || (value === null && field === 'framesPerSecond')) wrong.add(field);
  }
  if (draft.camera.trim() !== '' && !/^\/[\w/@:,.-]+$/.test(draft.camera.trim())) wrong.add('camera');
  if (draft.tuningFile.trim() !== '' && !/^(?!.*\.\.)[\w/.+-]+\.json$/.test(draft.tuningFile.trim())) wrong.add('tuningFile');
  const region = regionOf(draft);
  if (region && region.x + region.width > 1) wrong.add('width');
  if (region && region.y + region.height > 1) wrong.add('height');
  return wrong;
};

/** null while something in it is wrong. Settings that have no field here stay as they are in `before`. */
export const sourceOfPi = (draft: PiDraft, before?: PiSource): PiSource | null => {
  if (wrongInPi(draft).size > 0) return null;
  const number = (field: PiNumber) => typedNumber(draft[field], ...piBounds[field]) ?? undefined;
  const [width = 0, height = 0] = draft.size.split('x').map(Number);
  const megabits = number('megabits');
  const { camera: _camera, tuningFile: _file, region: _region, rotation: _rotation, ...kept } = before ?? { kind: 'pi' };
  return given({
    ...kept,
    kind: 'pi',
    camera: draft.camera.trim() || undefined,
    width,
    height,
    framesPerSecond: Math.round(number('framesPerSecond') ?? 20),
    bitsPerSecond: megabits === undefined ? undefined : Math.round(megabits * 1e6),
    rotation: draft.isUpsideDown ? 180 : undefined,
    mirror: draft.mirror || undefined,
    hdr: chosen(draft.hdr),
    focus: draft.focus === 'default' ? undefined : given({ ...before?.focus, mode: draft.focus, lensPosition: number('lensPosition') }),
    exposure: orNone(
      given({
        ...before?.exposure,
        mode: chosen(draft.exposure),
        shutterUs: number('shutterUs'),
        gain: number('gain'),
        ev: number('ev'),
        flickerHz: draft.flicker === 'default' ? undefined : draft.flicker === '50' ? 50 : 60,
      }),
    ),
    whiteBalance: orNone(given({ ...before?.whiteBalance, mode: chosen(draft.whiteBalance) })),
    tuningFile: draft.tuningFile.trim() || undefined,
    region: regionOf(draft) ?? undefined,
  });
};

/** null while none of its four numbers is typed. */
const regionOf = (draft: PiDraft): NonNullable<PiSource['region']> | null => {
  const part = (field: 'left' | 'top' | 'width' | 'height', otherwise: number) =>
    (typedNumber(draft[field], ...piBounds[field]) ?? otherwise) / 100;
  if (!(draft.left + draft.top + draft.width + draft.height).trim()) return null;
  const [x, y] = [part('left', 0), part('top', 0)];
  const rest = (from: number, field: 'width' | 'height') => Math.round(part(field, 100 - from * 100) * 1e6) / 1e6;
  return { x, y, width: rest(x, 'width'), height: rest(y, 'height') };
};

const chosen = <T extends string>(value: T | 'default'): T | undefined => (value === 'default' ? undefined : value);

type Given<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** Without what is undefined: the device reads an absent field as the camera's own choice. */
const given = <T extends object>(value: T): Given<T> =>
  Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as Given<T>;

const orNone = <T extends object>(value: T): T | undefined => (Object.keys(value).length === 0 ? undefined : value);
