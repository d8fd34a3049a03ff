import { z } from 'zod';
import { mostProfiles, tokenText } from './onvif-answers.ts';
import type { OnvifCamera } from './onvif-camera.ts';
import { streamAddress } from './stream-address.ts';

const profileSchema = z.object({
  $: z.object({ token: tokenText }),
  videoSourceConfiguration: z.object({ $: z.object({ token: tokenText }), sourceToken: tokenText }),
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
    const told = await streamAddress(camera, profile.$.token, 'camera', signal);
    if (told !== null && placeOf(told) === placeOf(streamUrl)) return sourceOf(profile);
  }
  return null;
}

function placeOf(address: string): string {
  const { pathname, search } = new URL(address);
  return `${pathname}${search}`;
}
