import { z } from 'zod';
import { readStreamUri } from './onvif-answers.ts';
import { escaped, type OnvifCamera } from './onvif-camera.ts';

const mostProfiles = 32;
const tokenSchema = z.union([z.string().max(200), z.number()]).transform(String);
const profileSchema = z.object({
  $: z.object({ token: tokenSchema }),
  videoSourceConfiguration: z.object({ $: z.object({ token: tokenSchema }), sourceToken: tokenSchema }),
});
type SourcedProfile = z.infer<typeof profileSchema>;

/**
 * What a device with several lenses or channels calls those that another picture comes from, so that what happens there is not taken for
 * what happens here. Empty when it has one, and when it does not tell which is which. `streamUrl`: of the picture that is recorded.
 */
export async function otherVideoSources(camera: OnvifCamera, streamUrl: string, signal: AbortSignal): Promise<ReadonlySet<string>> {
  const answer = await camera.ask((cam, callback) => cam.getProfiles(callback), signal);
  const profiles = [answer]
    .flat()
    .slice(0, mostProfiles)
    .flatMap((profile) => profileSchema.safeParse(profile).data ?? []);
  const own = severalSources(profiles) ? await ownSource(camera, profiles, streamUrl, signal) : null;
  if (own === null) return new Set();
  const names = (wanted: readonly SourcedProfile[]) =>
    wanted.flatMap(({ videoSourceConfiguration: { $, sourceToken } }) => [$.token, sourceToken]);
  const [ours, others] = [profiles.filter((profile) => sourceOf(profile) === own), profiles.filter((profile) => sourceOf(profile) !== own)];
  return new Set(names(others)).difference(new Set(names(ours)));
}

function sourceOf({ videoSourceConfiguration }: SourcedProfile): string {
  return videoSourceConfiguration.sourceToken;
}

function severalSources(profiles: readonly SourcedProfile[]): boolean {
  return new Set(profiles.map(sourceOf)).size > 1;
}

/** Told by the address of the stream, but for its host and port. */
async function ownSource(
  camera: OnvifCamera,
  profiles: readonly SourcedProfile[],
  streamUrl: string,
  signal: AbortSignal,
): Promise<string | null> {
  for (const profile of profiles) {
    const question = { protocol: 'RTSP', profileToken: escaped(profile.$.token) } as const;
    const told = readStreamUri(await camera.ask((cam, callback) => cam.getStreamUri(question, callback), signal), 'camera');
    if (told !== null && placeOf(told) === placeOf(streamUrl)) return sourceOf(profile);
  }
  return null;
}

function placeOf(address: string): string {
  const { pathname, search } = new URL(address);
  return `${pathname}${search}`;
}
