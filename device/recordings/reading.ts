import type { CoverageSpan, Recording } from '#device/contract/contract.ts';
import { limits } from '#device/contract/contract.ts';
import type { Database } from '#device/kernel/database.ts';
import { Failure } from '#device/kernel/failure.ts';
import type { Logger } from '#device/kernel/logger.ts';
import { openExport } from './export.ts';
import { type MediaFile, openMediaFile } from './file-source.ts';
import type { RecordingSummary, RecordingsTables } from './index-schema.ts';
import { kerberosName } from './kerberos-name.ts';
import { mediaPlaylist } from './playlist.ts';
import { type RecordingFilter, RecordingQueries, type RecordingSpan, toRecording, type WritingPort } from './query.ts';
import { cutSpan } from './span.ts';
import { type JpegOf, Thumbnails } from './thumbnails.ts';

export interface RecordingsReaderDeps {
  database: Pick<Database<RecordingsTables>, 'read'>;
  recordingsDirectory: string;
  /** Holds thumbnails and nothing else. */
  thumbnailsDirectory: string;
  writing: WritingPort;
  jpegOf: JpegOf;
  bestMomentMs?: (recording: RecordingSummary) => Promise<number | null>;
  /** IANA name, as it is set now. */
  timeZone: () => string;
  logger: Logger;
}

/** Everything that looks at recordings and changes nothing. Rejects with Failures. */
export interface RecordingsReader {
  query(filter: RecordingFilter): Promise<{ recordings: Recording[]; next: string | null }>;
  get(id: string): Promise<Recording>;
  file(id: string): Promise<MediaFile>;
  thumbnail(id: string): Promise<Uint8Array | null>;
  coverage(span: RecordingSpan): Promise<CoverageSpan[]>;
  days(cameraId: string | undefined): Promise<string[]>;
  /** `not-found` when there is nothing to play (yet). */
  playlist(span: RecordingSpan, fileUrl: (recordingId: string) => string): Promise<string>;
  exportSpan(span: RecordingSpan): Promise<MediaFile>;
  /** To be told of every recording that is deleted. */
  forget(id: string): Promise<void>;
}

const longSpanMs = 3_600_000;

export function createRecordingsReader(deps: RecordingsReaderDeps): RecordingsReader {
  const queries = new RecordingQueries(deps);
  const thumbnails = new Thumbnails({ ...deps, directory: deps.thumbnailsDirectory });
  const cutsOf = async (span: RecordingSpan) => {
    checkSpan(span);
    return cutSpan(await queries.playable(span), span.fromMs, span.toMs);
  };
  return {
    query: (filter) => queries.page(filter),
    get: async (id) => toRecording(await queries.summary(id)),
    file: async (id) => {
      const recording = await queries.summary(id);
      return openMediaFile({
        directory: deps.recordingsDirectory,
        path: recording.path,
        fileName: kerberosName(recording),
        sizeBytes: recording.sizeBytes,
        isWriting: recording.state === 'writing',
      });
    },
    thumbnail: async (id) => {
      const recording = await queries.summary(id);
      return thumbnails.of(recording, await queries.parts(id));
    },
    coverage: async (span) => {
      checkOrder(span);
      return queries.coverage(span);
    },
    days: (cameraId) => queries.days(cameraId),
    playlist: async (span, fileUrl) => {
      // A day in segments of two seconds would be a list of several megabytes.
      const shortestSegmentMs = span.toMs - span.fromMs > longSpanMs ? 5_000 : 2_000;
      const playlist = mediaPlaylist(await cutsOf(span), fileUrl, { shortestSegmentMs });
      if (playlist === null) throw new Failure('not-found', 'There is nothing to play in this time.');
      return playlist;
    },
    exportSpan: async (span) => {
      const cuts = await cutsOf(span);
      const name = cuts[0] ? (await queries.summary(cuts[0].recording.id)).cameraName : '';
      return openExport(deps.recordingsDirectory, cuts, exportName(name, span.fromMs));
    },
    forget: (id) => thumbnails.forget(id),
  };
}

function checkOrder({ fromMs, toMs }: RecordingSpan): void {
  if (!(fromMs < toMs)) throw new Failure('invalid-input', 'The end of the span must be after its start.');
}

function checkSpan(span: RecordingSpan): void {
  checkOrder(span);
  if (span.toMs - span.fromMs > limits.exportMaxMs) {
    throw new Failure('invalid-input', 'A span can be at most 24 hours long.', { action: 'Ask for one day at a time.' });
  }
}

function exportName(cameraName: string, fromMs: number): string {
  const time = new Date(fromMs).toISOString().replace(/\.\d+/, '').replaceAll(':', '-');
  return `${cameraName.replaceAll(/[\p{Cc}/\\:*?"<>|]/gu, ' ').trim()} ${time}.mp4`;
}
