import { execFile } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { placesIn } from '#device/assembly/places.ts';
import { openDatabase } from '#device/kernel/database.ts';
import { Mp4Demuxer } from '#device/media/mp4/demuxer.ts';
import type { TimedPacket, VideoTrack } from '#device/media/packet.ts';
import { type RecordingsTables, recordingsMigrations, toTable } from '#device/recordings/index-schema.ts';
import type { RecordingRow } from '#device/recordings/model.ts';
import { encodeParts } from '#device/recordings/part-list.ts';
import { AssembledDevice } from '#device/testing/assembled-device.ts';
import { recordScene } from '#device/testing/recorded-scene.ts';
import { footage, roundSeconds } from '../stage/footage.ts';
import type { Bench } from './part.ts';

const run = promisify(execFile);

export interface ExportFigure {
  videoSeconds: number;
  sizeBytes: number;
  tookMs: number;
  timesRealTime: number;
}

const files = 2;
const fileSeconds = 300;
const cameraId = 'front';

/** Ten minutes in two recordings, downloaded as one file over HTTP. The disk's cache is warm: it is the work that is measured, not the disk. */
export async function measureExport(bench: Bench): Promise<ExportFigure> {
  const folder = join(bench.scratch, 'export');
  const places = placesIn(folder);
  await mkdir(places.recordings, { recursive: true });
  try {
    const scene = await longScene((await footage(bench.footage, 'idle')).main);
    const startMs = Date.now() - 3_600_000;
    const rows: RecordingRow[] = [];
    for (let file = 0; file < files; file += 1) {
      const times = { startWallMs: startMs + file * fileSeconds * 1000, startBootMs: file * fileSeconds * 1000 };
      rows.push(
        await recordScene(places.recordings, { id: `export-${file}`, cameraId, ...times, width: 1920, height: 1080 }, scene, {
          partMs: 1000,
        }),
      );
    }
    const database = await openDatabase<RecordingsTables>({ file: places.indexFile, room: 'recordings', migrations: recordingsMigrations });
    for (const { parts, ...row } of rows) {
      await database.write.insertInto('recordings').values(toTable(row)).execute();
      await database.write
        .insertInto('recording_parts')
        .values({ recordingId: row.id, parts: Buffer.from(encodeParts(parts)) })
        .execute();
    }
    await database.close();
    return await download(folder, startMs);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function longScene(file: string): Promise<{ format: { video: VideoTrack; audio: null }; packets: TimedPacket[] }> {
  const flags = 'empty_moov+default_base_moof+frag_every_frame';
  const rounds = ['-stream_loop', String(fileSeconds / roundSeconds - 1), '-i', file];
  const args = ['-v', 'error', ...rounds, '-map', '0:v:0', '-c', 'copy', '-movflags', flags, '-f', 'mp4', '-'];
  const { stdout } = await run('ffmpeg', args, { encoding: 'buffer', maxBuffer: 1 << 30 });
  const packets: TimedPacket[] = [];
  const found: VideoTrack[] = [];
  const demuxer = new Mp4Demuxer({
    tracks: (video) => {
      if (video) found.push(video);
    },
    packet: (packet) => packets.push({ ...packet, bootMs: (packet.dts * 1000) / (found[0]?.timescale ?? 1000) }),
  });
  demuxer.push(stdout);
  const video = found[0];
  if (!video) throw new Error('no video to export');
  return { format: { video, audio: null }, packets };
}

async function download(directory: string, startMs: number): Promise<ExportFigure> {
  const device = await AssembledDevice.start({ directory, env: { KERBEROS_LOG_LEVEL: 'warn' } });
  try {
    await device.enter();
    const videoSeconds = files * fileSeconds;
    const span = new URLSearchParams({ from: new Date(startMs).toISOString(), to: new Date(startMs + videoSeconds * 1000).toISOString() });
    const begun = performance.now();
    const response = await device.request('GET', `/api/cameras/${cameraId}/export.mp4?${span}`);
    if (!response.ok || !response.body) throw new Error(`no export: ${response.status} ${await response.text()}`);
    let sizeBytes = 0;
    for await (const chunk of response.body) sizeBytes += chunk.length;
    const tookMs = performance.now() - begun;
    return { videoSeconds, sizeBytes, tookMs, timesRealTime: (videoSeconds * 1000) / tookMs };
  } finally {
    await device.end('SIGTERM');
  }
}
