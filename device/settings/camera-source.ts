import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type CameraSource,
  type FileSource,
  isSameCameraAddress,
  isSameCameraHost,
  type PublicCameraSource,
  type RtspSource,
} from '#device/contract/contract.ts';
import { Failure } from '#device/kernel/failure.ts';

/** Stands where a secret is in an address that is shown. */
const mask = '******';

/** A password that a camera's maker put in the path or query, e.g. `/user=a&password=b&channel=1` or `/user=a_password=b_channel=1`. */
const secretInAddress = /((?:password|passwd|pass|pwd|psw|secret|token)=)((?:(?!_(?:channel|stream|user|real))[^&/?#;])+)/gi;

/**
 * A source that may be kept and opened: user information moved out of its addresses, everything checked.
 * Throws a Failure `invalid-input` whose message never repeats an address.
 */
export function normalizeSource(source: CameraSource): CameraSource {
  if (source.kind === 'rtsp') return normalizeRtsp(source);
  if (source.kind === 'file') return normalizeFile(source);
  return source;
}

/** The source as it may be shown: no password, no user information, `hasPassword` instead. */
export function publicSource(source: CameraSource): PublicCameraSource {
  if (source.kind !== 'rtsp') return source;
  const { password, ...shown } = normalizeRtsp(source);
  return {
    ...shown,
    url: maskAddress(shown.url),
    ...(shown.subUrl === undefined ? {} : { subUrl: maskAddress(shown.subUrl) }),
    hasPassword: password !== undefined,
  };
}

/**
 * What `after` asks for, with the secrets of `before` where `after` does not name them: it only ever saw the public view.
 * Throws a Failure `invalid-input` where a secret would have to go to another host or port (for ONVIF: another host) than it was saved for.
 */
export function mergeSource(before: CameraSource, after: CameraSource): CameraSource {
  if (before.kind !== 'rtsp' || after.kind !== 'rtsp') return normalizeSource(after);
  const known = [before.url, before.subUrl].filter((url) => url !== undefined);
  const asked: RtspSource = { ...after, url: unmaskAddress(after.url, known) };
  if (after.subUrl !== undefined) asked.subUrl = unmaskAddress(after.subUrl, known);
  const merged = normalizeRtsp(asked);
  // An empty user name or password is the wish to have none; only one that was not named is kept.
  const anonymous = after.username === '';
  if (!anonymous && merged.username === undefined && before.username !== undefined) merged.username = before.username;
  if (!anonymous && after.password === undefined && merged.password === undefined && before.password !== undefined) {
    refuseElsewhere(merged, known, before.onvifUrl);
    merged.password = before.password;
  }
  if (merged.caPem === undefined && before.caPem !== undefined) merged.caPem = before.caPem;
  return merged;
}

/** A saved password is for the camera it was typed for: whoever may change an address could else have it sent to a host of their own. */
function refuseElsewhere({ url, subUrl, onvifUrl }: RtspSource, known: readonly string[], knownOnvifUrl = ''): void {
  const asked = [url, subUrl].filter((address) => address !== undefined);
  const isKnown = asked.every((address) => known.some((saved) => isSameCameraAddress(saved, address)));
  const takesOrders = onvifUrl === undefined || [...known, knownOnvifUrl].some((saved) => isSameCameraHost(saved, onvifUrl));
  if (isKnown && takesOrders) return;
  throw new Failure('invalid-input', 'The saved password is for another address than this one, so it is not sent there.', {
    action: 'Type the password of the camera again, or leave its user empty if it needs none.',
  });
}

function normalizeRtsp(source: RtspSource): RtspSource {
  const main = splitRtspAddress(source.url, 'address');
  const sub = source.subUrl === undefined ? null : splitRtspAddress(source.subUrl, 'address of the smaller stream');
  const { url: _url, subUrl: _subUrl, username, password, ...rest } = source;
  if (source.onvifUrl !== undefined) refuseOtherThanHttp(source.onvifUrl);
  const named = [main, sub].filter((part) => part?.username !== undefined);
  if (named.length === 2 && (named[0]?.username !== named[1]?.username || named[0]?.password !== named[1]?.password)) {
    throw new Failure('invalid-input', 'Both streams of a camera must use the same user name and password.');
  }
  const user = named[0]?.username ?? username;
  const secret = named[0]?.password ?? password;
  return {
    ...rest,
    url: main.url,
    ...(sub ? { subUrl: sub.url } : {}),
    ...(user === undefined || user === '' ? {} : { username: user }),
    ...(secret === undefined || secret === '' ? {} : { password: secret }),
  };
}

function refuseOtherThanHttp(address: string): void {
  refuseControlCharacters(address, 'ONVIF address');
  const url = URL.parse(address);
  if (url && /^https?:$/.test(url.protocol) && url.hostname !== '' && url.username === '' && url.password === '') return;
  throw new Failure('invalid-input', 'The ONVIF address cannot be read.', {
    action: 'Write it like http://192.168.1.20/onvif/device_service, without user name or password.',
  });
}

interface SplitAddress {
  url: string;
  username?: string;
  password?: string;
}

function splitRtspAddress(address: string, what: string): SplitAddress {
  const example = 'Write it like rtsp://192.168.1.20:554/stream.';
  refuseControlCharacters(address, what);
  const url = URL.parse(address);
  if (!url) {
    throw new Failure('invalid-input', `The ${what} cannot be read.`, {
      action: `${example} Give a user name or password with special characters in their own fields.`,
    });
  }
  if (url.protocol !== 'rtsp:' && url.protocol !== 'rtsps:') {
    throw new Failure('invalid-input', `The ${what} must begin with rtsp:// or rtsps://.`, { action: example });
  }
  if (url.hostname === '' || url.hostname.startsWith('-')) {
    throw new Failure('invalid-input', `The ${what} names no camera.`, { action: example });
  }
  const credentials = {
    ...(url.username === '' ? {} : { username: decode(url.username) }),
    ...(url.password === '' ? {} : { password: decode(url.password) }),
  };
  // A password with an unescaped slash ends up behind the host, where nobody would know it for one.
  if (`${url.pathname}${url.search}${url.hash}`.includes('@')) {
    throw new Failure('invalid-input', `The ${what} has an @ behind the camera's name.`, {
      action: 'Give the user name and password in their own fields, and write an @ that belongs to the path as %40.',
    });
  }
  url.username = '';
  url.password = '';
  return { url: url.href, ...credentials };
}

function normalizeFile(source: FileSource): FileSource {
  refuseControlCharacters(source.url, 'path');
  const path = pathOfFile(source.url);
  if (!path.startsWith('/') || path.split('/').includes('..') || path.includes('\0')) {
    throw new Failure('invalid-input', 'A video file is named by its whole path, which begins with / and has no “..” in it.');
  }
  const whole = posix.normalize(path);
  if (whole.endsWith('/') || /^\/(dev|proc|sys)(\/|$)/.test(whole)) {
    throw new Failure('invalid-input', 'This path does not name a video file.');
  }
  return { ...source, url: whole };
}

function pathOfFile(url: string): string {
  if (!/^[a-z][a-z0-9+.-]*:/i.test(url)) return url;
  try {
    return fileURLToPath(url);
  } catch (cause) {
    throw new Failure('invalid-input', 'A video file is named by its path or a file:// address on this device.', { cause });
  }
}

function refuseControlCharacters(address: string, what: string): void {
  if (/\p{Cc}/u.test(address)) throw new Failure('invalid-input', `The ${what} has characters in it that cannot be typed.`);
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // A lone % in a password that nobody escaped: taken as it is.
    return part;
  }
}

function maskAddress(url: string): string {
  return url.replace(secretInAddress, `$1${mask}`);
}

function unmaskAddress(url: string, known: readonly string[]): string {
  if (!url.includes(mask)) return url;
  const original = known.find((candidate) => maskAddress(candidate) === url);
  if (original !== undefined) return original;
  throw new Failure('invalid-input', `The address has ${mask} where its password belongs.`, {
    action: 'Type the password of the address again.',
  });
}
