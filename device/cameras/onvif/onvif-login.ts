import type { CameraSource, OnvifLogin } from '#device/contract/contract.ts';

/** Where and with which login a camera answers ONVIF; null when that is not known. */
export function onvifLoginOf(source: CameraSource): OnvifLogin | null {
  if (source.kind !== 'rtsp' || source.onvifUrl === undefined) return null;
  return { url: source.onvifUrl, username: source.username ?? '', password: source.password ?? '' };
}
