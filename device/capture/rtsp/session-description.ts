/** What a camera says it sends, RFC 8866. */
export interface MediaDescription {
  kind: 'video' | 'audio';
  payloadType: number;
  /** Upper case, e.g. `H264`, `MPEG4-GENERIC`, `PCMU`. */
  encoding: string;
  clockRateHz: number;
  channels: number;
  /** Format parameters, names in lower case. */
  parameters: ReadonlyMap<string, string>;
  /** Absolute address for SETUP. */
  control: string;
}

export interface StreamDescription {
  media: MediaDescription[];
  /** Absolute address for PLAY. */
  control: string;
}

const maxMedia = 16;
/** RFC 3551: what needs no `rtpmap`. */
const fixedTypes: Readonly<Record<number, { encoding: string; clockRateHz: number }>> = {
  0: { encoding: 'PCMU', clockRateHz: 8000 },
  8: { encoding: 'PCMA', clockRateHz: 8000 },
  26: { encoding: 'JPEG', clockRateHz: 90_000 },
};

/** Only the first format of each medium is looked at; media that are neither video nor audio are left out. Throws RangeError on nonsense. */
export function readSessionDescription(text: string, base: string): StreamDescription {
  const [session = [], ...sections] = sectionsOf(text.split(/\r?\n/));
  if (sections.length > maxMedia) throw new RangeError('more media than any camera has');
  const control = resolveControl(attribute(session, 'control') ?? '*', base);
  const media = sections.flatMap((section) => mediaOf(section, base) ?? []);
  return { media, control };
}

function sectionsOf(lines: readonly string[]): string[][] {
  const sections: string[][] = [[]];
  for (const line of lines) {
    if (line.startsWith('m=')) sections.push([]);
    sections.at(-1)?.push(line);
  }
  return sections;
}

function mediaOf(section: readonly string[], base: string): MediaDescription | null {
  const head = /^m=(video|audio) \d+(?:\/\d+)? RTP\/S?AVPF? (\d{1,3})/.exec(section[0] ?? '');
  if (!head) return null;
  const kind = head[1] === 'video' ? 'video' : 'audio';
  const payloadType = Number(head[2]);
  const map = new RegExp(`^a=rtpmap:${payloadType} ([\\w.-]+)/(\\d{1,7})(?:/(\\d{1,2}))?`, 'i');
  const mapped = section.map((line) => map.exec(line)).find((match) => match !== null);
  const fixed = fixedTypes[payloadType];
  const encoding = mapped?.[1]?.toUpperCase() ?? fixed?.encoding;
  const clockRateHz = Number(mapped?.[2] ?? fixed?.clockRateHz ?? 0);
  if (encoding === undefined || clockRateHz === 0) return null;
  const format = section.find((line) => line.startsWith(`a=fmtp:${payloadType} `)) ?? '';
  return {
    kind,
    payloadType,
    encoding,
    clockRateHz,
    channels: Number(mapped?.[3] ?? 1),
    parameters: parametersOf(format.slice(format.indexOf(' ') + 1)),
    control: resolveControl(attribute(section, 'control') ?? '*', base),
  };
}

function parametersOf(text: string): Map<string, string> {
  const pairs = text.split(';').flatMap((part): [string, string][] => {
    const equals = part.indexOf('=');
    return equals > 0 ? [[part.slice(0, equals).trim().toLowerCase(), part.slice(equals + 1).trim()]] : [];
  });
  return new Map(pairs);
}

function attribute(lines: readonly string[], name: string): string | null {
  const prefix = `a=${name}:`;
  return (
    lines
      .find((line) => line.startsWith(prefix))
      ?.slice(prefix.length)
      .trim() ?? null
  );
}

/** Relative addresses are appended, as cameras mean them, not resolved as web pages would: the base may carry a query. */
function resolveControl(control: string, base: string): string {
  if (control === '*' || control === '') return base;
  if (/^rtsps?:\/\//i.test(control)) return control;
  return base.endsWith('/') ? `${base}${control}` : `${base}/${control}`;
}
