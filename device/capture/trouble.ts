import type { ErrorKind } from '#device/contract/contract.ts';
import { Failure } from '#device/kernel/failure.ts';
import { scrub } from './scrub.ts';
import type { AudioMode } from './session-arguments.ts';

interface Explanation {
  pattern: RegExp;
  kind: ErrorKind;
  message: string;
  action?: string;
}

/** What ffmpeg says when the other side answers a TLS greeting with something else, or hangs up on it before the stream is open. */
const notTls = /An unexpected TLS packet|Error in the pull function[\s\S]*Impossible to open 'rtsps:/i;

/** First match wins: what a camera said comes before what the network said, and both before what followed from it. */
const explanations: Explanation[] = [
  {
    pattern: /VIDIOC_\w+.*No such device|No such device/i,
    kind: 'camera-unreachable',
    message: 'The camera was unplugged.',
    action: 'Plug it in again: it goes on at once, as the same camera.',
  },
  {
    pattern: /Device or resource busy/i,
    kind: 'camera-refused',
    message: 'The USB camera is in use already.',
    action: 'Close the other program that uses it, or remove the camera that it was added as before.',
  },
  {
    pattern: /VIDIOC_\w+.*No space left on device/i,
    kind: 'camera-refused',
    message: 'The USB bus has no room left for this camera at this size.',
    action: 'Choose a smaller size or Motion JPEG, or plug the camera into a port of another bus.',
  },
  {
    pattern: notTls,
    kind: 'camera-refused',
    message: 'What answers at this port does not speak RTSPS: no encrypted connection came about.',
    action: 'Check the port (RTSPS is usually 322) and that RTSPS is switched on in the camera, or write rtsp:// to go without encryption.',
  },
  {
    pattern: /401 Unauthorized|authorization failed/i,
    kind: 'camera-wrong-password',
    message: 'The camera does not accept this user name and password.',
    action: 'Check both; many cameras have a user of their own for RTSP or ONVIF.',
  },
  {
    pattern: /403 Forbidden|access denied/i,
    kind: 'camera-refused',
    message: 'The camera refuses to show this stream to this user.',
    action: 'Give the user the right to watch in the camera’s own settings.',
  },
  {
    pattern: /404 (Stream )?Not Found|454 Session Not Found/i,
    kind: 'camera-refused',
    message: 'The camera answers, but has no stream at this path.',
    action: 'Look up the RTSP path of this model; it stands behind the host name in the address.',
  },
  {
    pattern: /461 Unsupported transport|Nonmatching transport/i,
    kind: 'camera-refused',
    message: 'The camera does not send by this transport.',
    action: 'Choose the other transport, TCP or UDP.',
  },
  {
    pattern: /453 Not Enough Bandwidth|503 Service Unavailable|Server returned 5XX/i,
    kind: 'camera-refused',
    message: 'The camera is too busy for one more viewer.',
    action: 'Close other viewers of this camera or restart it.',
  },
  {
    pattern: /method \w+ failed|Server returned 4XX/i,
    kind: 'camera-refused',
    message: 'The camera refused the request.',
    action: 'Check the address; restart the camera if it worked before.',
  },
  {
    pattern: /Connection refused/i,
    kind: 'camera-unreachable',
    message: 'Nothing answers at this address: the connection was refused.',
    action: 'Check the port (RTSP is usually 554) and that RTSP is switched on in the camera.',
  },
  {
    pattern: /No route to host|Network is unreachable|Host is down/i,
    kind: 'camera-unreachable',
    message: 'The camera cannot be reached.',
    action: 'Check that it has power and is on this network.',
  },
  {
    pattern: /Failed to resolve hostname|Name or service not known|Temporary failure in name resolution/i,
    kind: 'camera-unreachable',
    message: 'There is no camera of this name on the network.',
    action: 'Check the host name, or use the camera’s IP address.',
  },
  {
    pattern: /Connection timed out|Operation timed out|Connection reset/i,
    kind: 'camera-unreachable',
    message: 'The camera stopped answering.',
    action: 'Check that it has power and a good connection.',
  },
  {
    pattern: /No such file or directory/i,
    kind: 'camera-unreachable',
    message: 'There is no file at this path on the device.',
    action: 'Check the path.',
  },
  {
    pattern: /Is a directory/i,
    kind: 'camera-no-video',
    message: 'This is a folder, not a video file.',
    action: 'Name one of the files in it.',
  },
  {
    pattern: /Permission denied/i,
    kind: 'camera-unreachable',
    message: 'The device may not read this file.',
    action: 'Give its user the right to read it.',
  },
  {
    pattern: /matches no streams|does not contain any stream|no video/i,
    kind: 'camera-no-video',
    message: 'There is no video in this stream.',
    action: 'Check the path in the address; this one may be sound only.',
  },
  {
    pattern: /Could not find tag for codec|codec not currently supported|Unsupported codec|Decoder .*not found|cannot handle video/i,
    kind: 'camera-unsupported-codec',
    message: 'The camera’s video is in a format this device does not know.',
    action: 'Set the camera to H.264 or H.265.',
  },
  {
    pattern: /Invalid data found|Protocol not found|not implemented|Could not find codec parameters|unspecified size|Invalid argument/i,
    kind: 'camera-no-video',
    message: 'What comes from this address is not a video stream.',
    action: 'Check host, port and path of the address.',
  },
];

const ended: Explanation = {
  pattern: /(?:)/,
  kind: 'camera-unreachable',
  message: 'The camera ended the stream.',
  action: 'It is tried again by itself; check the camera if it keeps happening.',
};

/** What went wrong, from what ffmpeg said; the cause keeps ffmpeg's own words, scrubbed. */
export function explainTrouble(said: string, secrets: readonly string[]): Failure {
  const { kind, message, action } = explanations.find(({ pattern }) => pattern.test(said)) ?? ended;
  const cause = new Error(scrub(said, secrets).trim().slice(-1000) || 'ended without a word');
  return new Failure(kind, message, action === undefined ? { cause } : { action, cause });
}

/** As ffmpeg 5 and 6 say it, and as ffmpeg 7 does, which names the stream in another line. */
const hasNoSound = /Stream map '0:a:0' matches no streams|matches no streams.*'0:a:0' for option 'map'/s;

/** How the sound may be taken when it could not be taken this way; null when what ffmpeg said is not about sound. */
export function audioWayOut(mode: AudioMode, said: string): AudioMode | null {
  if (mode === 'none') return null;
  if (hasNoSound.test(said)) return 'none';
  const isAboutSound =
    /Could not find tag for codec (?!h26|hevc|mjpeg|vp|av1|mpeg[124]v|mpeg4)|cannot handle audio|ADTS|aac_adtstoasc|Audio object type|Decoder .*for input stream #0:[1-9]|abuffer|aresample/i;
  if (!isAboutSound.test(said)) return null;
  return mode === 'copy' ? 'encode' : 'none';
}
