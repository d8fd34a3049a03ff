import type { RecordingSummary } from './index-schema.ts';

/**
 * File names that a Kerberos Vault and Hub read: six fields parted by `_`,
 * `<unix seconds>_<digits of ms>-<ms>_<camera>_<x>-<y>-<width>-<height>_<changes>_<duration ms>.mp4`; the duration is 0 while it is being written.
 */
export function kerberosName(recording: NamedRecording): string {
  const startMs = Math.max(0, Math.round(recording.startWallMs));
  const milliseconds = String(startMs % 1000);
  const { x, y, width, height } = recording.region;
  return [
    Math.floor(startMs / 1000),
    `${milliseconds.length}-${milliseconds}`,
    escapedCameraName(recording.cameraName),
    [x, y, width, height].map((value) => Math.max(0, Math.round(value))).join('-'),
    Math.round(recording.changes),
    `${recording.state === 'writing' ? 0 : Math.round(recording.durationMs)}.mp4`,
  ].join('_');
}

export type NamedRecording = Pick<RecordingSummary, 'startWallMs' | 'cameraName' | 'region' | 'changes' | 'durationMs' | 'state'>;

/** File systems allow 255 bytes a name; the other five fields need at most 90. */
const cameraNameMaxBytes = 150;

/**
 * Letters and digits of every script, `-` and `.` stay; each byte of anything else (UTF-8) becomes `~` and two hex digits, so that neither `_` nor
 * a path separator is left and the name can be read back. A name too long for a file system is cut and ends in `~~`.
 */
export function escapedCameraName(name: string): string {
  let escaped = '';
  let sizeBytes = 0;
  for (const character of name) {
    const bytes = encode(character);
    const stays = /^[\p{L}\p{N}\p{M}.-]$/u.test(character);
    sizeBytes += stays ? bytes.length : bytes.length * 3;
    if (sizeBytes > cameraNameMaxBytes) return `${escaped}~~`;
    escaped += stays ? character : [...bytes].map(escapedByte).join('');
  }
  return escaped;
}

/** The opposite of `escapedCameraName`; of a name that was cut, what is left of it. */
export function unescapedCameraName(escaped: string): string {
  const isCut = escaped.endsWith('~~');
  const bytes: number[] = [];
  for (const [piece, hex] of (isCut ? escaped.slice(0, -2) : escaped).matchAll(/~([0-9a-f]{2})|[^~]/gu)) {
    if (hex) bytes.push(Number.parseInt(hex, 16));
    else bytes.push(...encode(piece));
  }
  return new TextDecoder().decode(Uint8Array.from(bytes));
}

function escapedByte(byte: number): string {
  return `~${byte.toString(16).padStart(2, '0')}`;
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
