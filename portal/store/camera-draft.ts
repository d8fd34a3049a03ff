import { type CameraSource, isSameCameraAddress, type PublicCameraSource } from '../api/api.ts';

/** A camera's source while it is typed: every kind's fields at once, so that switching kinds loses nothing. */
export interface SourceDraft {
  kind: 'rtsp' | 'file' | 'demo';
  url: string;
  subUrl: string;
  username: string;
  password: string;
  transport: 'tcp' | 'udp';
  path: string;
  loop: boolean;
}

export const emptySource: SourceDraft = {
  kind: 'rtsp',
  url: '',
  subUrl: '',
  username: '',
  password: '',
  transport: 'tcp',
  path: '',
  loop: true,
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
      };
    case 'file':
      return { ...emptySource, kind: 'file', path: source.url, loop: source.loop };
    case 'demo':
      return { ...emptySource, kind: 'demo' };
  }
};

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
        ...(known?.caPem ? { caPem: known.caPem } : {}),
      };
    case 'file':
      return path ? { kind: 'file', url: path, loop: draft.loop } : null;
    case 'demo':
      return { kind: 'demo' };
  }
};

export type SavedPassword = 'none' | 'kept' | 'needed-again';

/** What becomes of the saved password when none is typed: the device sends it nowhere but where it was saved for. */
export const savedPassword = (draft: SourceDraft, before: PublicCameraSource): SavedPassword => {
  if (before.kind !== 'rtsp' || !before.hasPassword) return 'none';
  const known = [before.url, before.subUrl ?? ''];
  const asked = [draft.url, draft.subUrl].filter((address) => address.trim() !== '');
  const isKnown = asked.every((address) => known.some((saved) => isSameCameraAddress(saved, address)));
  return isKnown ? 'kept' : 'needed-again';
};

export const sameSource = (a: SourceDraft, b: SourceDraft): boolean =>
  JSON.stringify(sourceOfDraft(a)) === JSON.stringify(sourceOfDraft(b));

/** A number as it is typed. `null` for an empty field, `undefined` for what is no number within the bounds. */
export const typedNumber = (text: string, least: number, most: number): number | null | undefined => {
  if (text.trim() === '') return null;
  const value = Number(text.trim().replace(',', '.'));
  return Number.isFinite(value) && value >= least && value <= most ? value : undefined;
};
