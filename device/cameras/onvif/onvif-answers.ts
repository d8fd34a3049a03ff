import { z } from 'zod';
import type { CameraSource, OnvifDescription, OnvifLogin, PtzPreset } from '#device/contract/contract.ts';
import { Failure } from '#device/kernel/failure.ts';
import { elementText } from '../xml-text.ts';

/** What a camera answered, once it is parsed: anything may be missing, doubled, or something else altogether. */

export const mostProfiles = 32;
const mostPresets = 128;

/** Numbers, dates and truths that look like one were made into one on the way. */
const textSchema = z.union([z.string(), z.number(), z.boolean()]).transform((value) => clean(String(value)));
const optionalText = textSchema.optional().catch(undefined);
const numberSchema = z.number().finite().optional().catch(undefined);
export const tokenText = z.union([z.string().max(200), z.number()]).transform(String);

const profileSchema = z.object({
  $: z.object({ token: tokenText }),
  name: optionalText,
  videoEncoderConfiguration: z
    .object({
      encoding: optionalText,
      resolution: z.object({ width: numberSchema, height: numberSchema }).optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
  PTZConfiguration: z.unknown().optional(),
});

export interface Profile {
  token: string;
  name: string;
  width: number | null;
  height: number | null;
  /** `H264`, `H265`, `JPEG` … */
  encoding: string | null;
  canMove: boolean;
}

/** The profiles that carry video; largest first. */
export function readProfiles(answer: unknown): Profile[] {
  const list = (Array.isArray(answer) ? answer : [answer]).slice(0, mostProfiles);
  const profiles = list.flatMap((item): Profile[] => {
    const read = profileSchema.safeParse(item);
    if (!read.success || !read.data.videoEncoderConfiguration) return [];
    const { $, name, videoEncoderConfiguration: video, PTZConfiguration } = read.data;
    return [
      {
        token: $.token,
        name: name ?? $.token,
        width: video.resolution?.width ?? null,
        height: video.resolution?.height ?? null,
        encoding: video.encoding ?? null,
        canMove: PTZConfiguration !== undefined,
      },
    ];
  });
  return profiles.toSorted((one, other) => pixels(other) - pixels(one));
}

function pixels({ width, height }: Profile): number {
  return (width ?? 0) * (height ?? 0);
}

/**
 * The largest that can be recorded is the main stream; the smallest that still shows a person at 320 pixels wide is looked at for
 * movement. null when the camera has none that can be recorded.
 */
export function chooseProfiles(profiles: readonly Profile[]): { main: Profile; sub: Profile | null } | null {
  const usable = profiles.filter(({ encoding }) => encoding === null || /^(h\.?26[45]|jpeg)$/i.test(encoding));
  const main = usable.find(({ encoding }) => !/jpeg/i.test(encoding ?? '')) ?? usable[0];
  if (!main) return null;
  const smaller = usable.filter((profile) => profile !== main && pixels(profile) > 0 && pixels(profile) <= pixels(main) / 2);
  const sub = smaller.findLast(({ width, encoding }) => (width ?? 0) >= 320 && !/jpeg/i.test(encoding ?? '')) ?? null;
  return { main, sub };
}

const uriSchema = z.object({ uri: z.string().max(1024) });

/** The address of a stream, on the host that was asked: cameras behind a router name their inner address, and others worse. */
export function readStreamUri(answer: unknown, host: string): string | null {
  const read = uriSchema.safeParse(answer);
  const url = read.success ? URL.parse(read.data.uri.trim()) : null;
  if (!url || (url.protocol !== 'rtsp:' && url.protocol !== 'rtsps:')) return null;
  url.hostname = host;
  url.username = '';
  url.password = '';
  return url.href;
}

/** `information`: the answer as it came. The package takes a firmware of 1.20 for the number 1.2. */
export function describeCamera(
  login: OnvifLogin,
  information: string,
  profiles: readonly Profile[],
  streams: { main: string; sub: string | null },
): OnvifDescription {
  const fact = (name: string) => clean(elementText(information, name) ?? '');
  const source: CameraSource = {
    kind: 'rtsp',
    url: streams.main,
    transport: 'tcp',
    ...(streams.sub === null ? {} : { subUrl: streams.sub }),
    ...(login.username === '' ? {} : { username: login.username }),
    onvifUrl: login.url,
  };
  return {
    manufacturer: fact('Manufacturer'),
    model: fact('Model'),
    firmware: fact('FirmwareVersion'),
    serial: fact('SerialNumber'),
    profiles: profiles.map(({ name, width, height, encoding }) => ({ name, width, height, encoding })),
    source,
    canMove: profiles.some(({ canMove }) => canMove),
  };
}

/** The answer is a map from tokens to what is known of each. */
export function readPresets(answer: unknown): PtzPreset[] {
  if (typeof answer !== 'object' || answer === null) return [];
  return Object.entries(answer)
    .filter(([id]) => id !== '' && id.length <= 64)
    .slice(0, mostPresets)
    .map(([id, preset]) => {
      const read = z.object({ name: optionalText }).safeParse(preset);
      return { id, name: (read.success ? read.data.name : undefined) || id };
    });
}

function clean(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\uFFFD]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 100);
}

/** The camera has no such thing, or does not know the question. */
export function isUnknownToCamera(error: unknown): boolean {
  return error instanceof Failure && (error.kind === 'not-found' || error.kind === 'camera-refused');
}

const wrongLogin = /not ?authorized|unauthorized|authentication failed|401/i;

/** What the camera or the network said, for a person. The words themselves go to the log alone. */
export function explainOnvif(error: unknown): Failure {
  const said = error instanceof Error ? error.message : String(error);
  if (wrongLogin.test(said)) {
    return new Failure('camera-wrong-password', 'The camera does not accept this user name and password.', {
      action: 'Check both; many cameras have users of their own for ONVIF, and some must be told to allow it.',
      cause: error,
    });
  }
  if (/ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|ETIMEDOUT|ECONNRESET|in time/.test(said)) {
    return new Failure('camera-unreachable', 'The camera does not answer questions about itself.', {
      action: 'Check that it has power, and that ONVIF is switched on in its own settings.',
      cause: error,
    });
  }
  return new Failure('camera-refused', 'The camera does not do what was asked of it.', {
    action: 'It may not know this; its own web page may do it.',
    cause: error,
  });
}
