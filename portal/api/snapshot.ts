import { addresses } from './addresses.ts';

export interface Snapshot {
  picture: Blob;
  /** null when the device did not say. */
  ageMs: number | null;
}

/** null: there is none now, for whatever reason; the camera's status tells why. */
export const fetchSnapshot = async (fetcher: typeof fetch, cameraId: string, signal: AbortSignal): Promise<Snapshot | null> => {
  try {
    const response = await fetcher(addresses.snapshot(cameraId), { signal, cache: 'no-store' });
    if (!response.ok) return null;
    const age = Number(response.headers.get('x-picture-age-ms') ?? Number.NaN);
    return { picture: await response.blob(), ageMs: Number.isFinite(age) ? age : null };
  } catch {
    return null;
  }
};
