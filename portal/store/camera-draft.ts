import { type CameraSource, isSameCameraAddress, isSameCameraHost, type PublicCameraSource } from '../api/api.ts';
import { draftOfPi, emptyPi, type PiDraft, sourceOfPi } from './pi-draft.ts';

export type UsbSource = Extract<CameraSource, { kind: 'usb' }>;

/** A camera's source while it is typed: every kind's fields at once, so that switching kinds loses nothing. */
export interface SourceDraft {
  kind: 'rtsp' | 'usb' | 'pi' | 'file' | 'demo';
  url: string;
  subUrl: string;
  username: string;
  password: string;
  transport: 'tcp' | 'udp';
  /** Where it answers ONVIF; empty when it is not known. */
  onvifUrl: string;
  path: string;
  loop: boolean;
  pi: PiDraft;
  /** null until one of those that were found is chosen. */
  usb: UsbSource | null;
}

export const emptySource: SourceDraft = {
  kind: 'rtsp',
  url: '',
  subUrl: '',
  username: '',
  password: '',
  transport: 'tcp',
  onvifUrl: '',
  path: '',
  loop: true,
  pi: emptyPi,
  usb: null,
};

/** The password is never told by the device: an empty one means the saved one. */
export const draftOfSource = (source: PublicCameraSource): SourceDraft => {
  switch (source.kind) {
    case 'rtsp':
      return {
        ...emptySource,
        url: source.url,
        subUrl: source.subUrl ?? '',
        username: source.username ?? '',
        transport: source.transport,
        onvifUrl: source.onvifUrl ?? '',
      };
    case 'file':
      return { ...emptySource, kind: 'file', path: source.url, loop: source.loop };
    case 'demo':
      return { ...emptySource, kind: 'demo' };
    case 'pi':
      return { ...emptySource, kind: 'pi', pi: draftOfPi(source) };
    case 'usb':
      return { ...emptySource, kind: 'usb', usb: source };
  }
};

/** What was found, put into the fields. */
export const draftOfFound = (source: CameraSource): SourceDraft =>
  source.kind === 'rtsp'
    ? { ...draftOfSource({ ...source, hasPassword: source.password !== undefined }), password: source.password ?? '' }
    : draftOfSource(source);

/** null while what is needed is missing. */
export const sourceOfDraft = (draft: SourceDraft, before?: PublicCameraSource): CameraSource | null => {
  const known = before?.kind === 'rtsp' ? before : null;
  const [url, subUrl, username, path] = [draft.url.trim(), draft.subUrl.trim(), draft.username.trim(), draft.path.trim()];
  switch (draft.kind) {
    case 'rtsp':
      if (!url) return null;
      return {
        kind: 'rtsp',
        url,
        transport: draft.transport,
        ...(subUrl ? { subUrl } : {}),
        // An empty name is the wish to have none; leaving it out would keep the saved one.
        ...(username || known?.username ? { username } : {}),
        ...(draft.password ? { password: draft.password } : {}),
        ...(draft.onvifUrl.trim() ? { onvifUrl: draft.onvifUrl.trim() } : {}),
        ...(known?.caPem ? { caPem: known.caPem } : {}),
      };
    case 'file':
      return path ? { kind: 'file', url: path, loop: draft.loop } : null;
    case 'demo':
      return { kind: 'demo' };
    case 'pi':
      return sourceOfPi(draft.pi, before?.kind === 'pi' ? before : undefined);
    case 'usb':
      return draft.usb;
  }
};

export type SavedPassword = 'none' | 'kept' | 'needed-again';

/** What becomes of the saved password when none is typed: the device sends it nowhere but where it was saved for. */
export const savedPassword = (draft: SourceDraft, before: PublicCameraSource): SavedPassword => {
  if (before.kind !== 'rtsp' || !before.hasPassword) return 'none';
  const known = [before.url, before.subUrl ?? ''];
  const asked = [draft.url, draft.subUrl].filter((address) => address.trim() !== '');
  const isKnown = asked.every((address) => known.some((saved) => isSameCameraAddress(saved, address)));
  const [orders, hosts] = [draft.onvifUrl.trim(), [...known, before.onvifUrl ?? '']];
  const takesOrders = orders === '' || hosts.some((saved) => isSameCameraHost(saved, orders));
  return isKnown && takesOrders ? 'kept' : 'needed-again';
};

export const sameSource = (a: SourceDraft, b: SourceDraft): boolean =>
  JSON.stringify(sourceOfDraft(a)) === JSON.stringify(sourceOfDraft(b));
