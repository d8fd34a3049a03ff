import { randomUUID } from 'node:crypto';
import type { Box, EventKind } from '#device/contract/contract.ts';
import type { DeviceTime } from '#device/kernel/device-time.ts';
import type { EventsTable } from './schema.ts';

export interface NewEvent {
  /** null for what concerns the whole device. */
  cameraId: string | null;
  kind: EventKind;
  startBootMs: number;
  score?: number;
  boxes?: readonly Box[];
  zones?: readonly string[];
  recordingId?: string;
  /** Plain words. */
  message?: string;
}

export type EventUpdate = Pick<NewEvent, 'score' | 'boxes' | 'zones' | 'message' | 'recordingId'>;

const boxesMax = 32;
const zonesMax = 32;
const messageMaxLength = 500;

/** A row of an event that has just begun. */
export function newRow(event: NewEvent, time: Pick<DeviceTime, 'bootId' | 'wallOf' | 'trust'>): EventsTable {
  const { cameraId, kind, startBootMs } = event;
  const startWallMs = Math.round(time.wallOf(startBootMs));
  return {
    id: randomUUID(),
    cameraId,
    kind,
    bootId: time.bootId,
    startBootMs,
    startWallMs,
    updatedBootMs: startBootMs,
    updatedWallMs: startWallMs,
    endBootMs: null,
    endWallMs: null,
    clock: time.trust(),
    score: null,
    boxes: '[]',
    zones: '[]',
    recordingId: null,
    message: null,
    pictureBytes: 0,
    ...columnsOf(event),
  };
}

type UpdateColumns = Partial<Pick<EventsTable, 'score' | 'boxes' | 'zones' | 'message' | 'recordingId'>>;

export function columnsOf({ score, boxes, zones, message, recordingId }: EventUpdate): UpdateColumns {
  return {
    ...(score === undefined ? {} : { score: Math.min(1, Math.max(0, score)) }),
    ...(boxes === undefined ? {} : { boxes: JSON.stringify(boxes.slice(0, boxesMax)) }),
    ...(zones === undefined ? {} : { zones: JSON.stringify(zones.slice(0, zonesMax)) }),
    ...(message === undefined ? {} : { message: message.slice(0, messageMaxLength) }),
    ...(recordingId === undefined ? {} : { recordingId }),
  };
}

/** The columns that updates of a lasting event touch. */
export function changedWhileOpen(row: EventsTable): Partial<EventsTable> {
  const { score, boxes, zones, message, recordingId, updatedBootMs, updatedWallMs } = row;
  return { score, boxes, zones, message, recordingId, updatedBootMs, updatedWallMs };
}
