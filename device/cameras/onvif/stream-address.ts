import { readStreamUri } from './onvif-answers.ts';
import { escaped, type OnvifCamera } from './onvif-camera.ts';

/** The RTSP address of a profile, on that host; null when the camera does not tell. */
export async function streamAddress(camera: OnvifCamera, profile: string, host: string, signal: AbortSignal): Promise<string | null> {
  const question = { protocol: 'RTSP', profileToken: escaped(profile) } as const;
  return readStreamUri(await camera.ask((cam, callback) => cam.getStreamUri(question, callback), signal), host);
}
