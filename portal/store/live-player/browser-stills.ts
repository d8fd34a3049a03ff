import { fetchSnapshot } from '../../api/api.ts';
import type { Portal } from '../portal.ts';
import { createStillPictures } from './still-pictures.ts';

export const browserStills = (portal: Portal, cameraId: string, everyMs: number) =>
  createStillPictures({
    clock: portal.clock,
    everyMs,
    fetchPicture: (signal) => fetchSnapshot((input, init) => fetch(input, init), cameraId, signal),
    toAddress: (picture) => URL.createObjectURL(picture),
    forget: (address) => URL.revokeObjectURL(address),
  });
