import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { concat } from '#device/media/mp4/box.ts';
import { baseTimesAt, fragment } from '#device/media/mp4/fragment.ts';
import { initSegment } from '#device/media/mp4/init-segment.ts';
import { scan } from '#device/media/mp4/scan.ts';
import type { RecordingRow } from '#device/recordings/model.ts';
import type { Scene } from './filmed-scene.ts';

export interface RecordedSceneOptions {
  partMs?: number;
  checksum?: boolean;
}

/** Writes a scene as a recording's file below `directory` and answers the row the index would hold of it. */
export async function recordScene(
  directory: string,
  row: Partial<RecordingRow> & { id: string },
  scene: Scene,
  { partMs = 500, checksum = true }: RecordedSceneOptions = {},
): Promise<RecordingRow> {
  const first = scene.packets.find((packet) => packet.track === 'video');
  if (!first) throw new Error('a scene without pictures');
  const head = initSegment(scene.format, { reservedBytes: 512 });
  const base = baseTimesAt(scene.format, first);
  const groups = Map.groupBy(scene.packets, (packet) => Math.floor(packet.bootMs / partMs));
  const bytes = concat([head, ...[...groups.values()].map((packets, index) => fragment(index + 1, packets, base, { checksum }))]);
  const found = await scan({ sizeBytes: bytes.length, read: async (offset, length) => bytes.subarray(offset, offset + length) });
  const last = found.parts.at(-1);
  const whole: RecordingRow = {
    ...recordingRow(row),
    durationMs: last ? last.startMs + last.durationMs : 0,
    sizeBytes: bytes.length,
    initBytes: found.init?.length ?? 0,
    hasAudio: scene.format.audio !== null,
    parts: found.parts,
  };
  const file = join(directory, whole.path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, bytes);
  return whole;
}

/** A row as the index would hold it, with whatever a test has to say about it. */
export function recordingRow(row: Partial<RecordingRow> & { id: string }): RecordingRow {
  return {
    cameraId: 'front',
    cameraName: 'Front',
    path: `front/${row.id}.mp4`,
    bootId: 'boot-1',
    startBootMs: 0,
    startWallMs: Date.UTC(2026, 0, 5, 8),
    clock: 'set',
    durationMs: 0,
    sizeBytes: 0,
    initBytes: 700,
    trigger: 'motion',
    state: 'closed',
    protected: false,
    repaired: false,
    videoCodecString: 'avc1.64001f',
    width: 320,
    height: 180,
    hasAudio: false,
    region: { x: 0, y: 0, width: 0, height: 0 },
    changes: 0,
    parts: [],
    ...row,
  };
}
