/** What a Range header asks of a file: a span (both ends included), nothing usable (send all), or something that is not there. */
type RangeAnswer = { kind: 'all' } | { kind: 'span'; start: number; end: number } | { kind: 'unsatisfiable' };

/**
 * One range of bytes (RFC 9110, 14). Several ranges or other units are answered with the whole file, which the RFC allows.
 * `ifRange`: a strong validator; when it is not the file's, the whole file is sent. Dates are never taken as validators.
 */
export function rangeOf(file: { sizeBytes: number; etag: string }, range: string | undefined, ifRange: string | undefined): RangeAnswer {
  if (range === undefined) return { kind: 'all' };
  if (ifRange !== undefined && ifRange !== file.etag) return { kind: 'all' };
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(range.trim());
  if (!match) return { kind: 'all' };
  const [, first = '', last = ''] = match;
  if (first === '' && last === '') return { kind: 'all' };
  if (first === '') return lastBytes(file.sizeBytes, Number(last));
  const start = Number(first);
  const end = last === '' ? file.sizeBytes - 1 : Math.min(Number(last), file.sizeBytes - 1);
  if (last !== '' && Number(last) < start) return { kind: 'all' };
  return start >= file.sizeBytes ? { kind: 'unsatisfiable' } : { kind: 'span', start, end };
}

function lastBytes(sizeBytes: number, count: number): RangeAnswer {
  if (count === 0 || sizeBytes === 0) return { kind: 'unsatisfiable' };
  return { kind: 'span', start: Math.max(0, sizeBytes - count), end: sizeBytes - 1 };
}

/** RFC 9110, 13.1.2: weak comparison, a list or `*`. */
export function matchesEtag(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  return ifNoneMatch.split(',').some((candidate) => candidate.trim().replace(/^W\//, '') === etag);
}

/** RFC 6266 with RFC 5987: a plain name for the old, the true one in UTF-8 for the rest. */
export function attachmentDisposition(fileName: string): string {
  const plain = fileName.replace(/[^\x20-\x7e]/g, '_').replace(/["\\/]/g, '_');
  const encoded = encodeURIComponent(fileName.toWellFormed()).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
