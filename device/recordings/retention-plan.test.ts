import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RecordingSummary } from './index-schema.ts';
import { planRetention, type RetentionFacts, type RetentionLimits, reserveOf } from './retention-plan.ts';

const day = 86_400_000;
const now = Date.UTC(2026, 5, 30);

function recording(id: string, about: Partial<RecordingSummary> = {}): RecordingSummary {
  return {
    id,
    cameraId: 'front',
    cameraName: 'Front',
    path: `front/${id}.mp4`,
    bootId: 'boot-1',
    startBootMs: 0,
    startWallMs: now - day,
    clock: 'set',
    durationMs: 60_000,
    sizeBytes: 100,
    initBytes: 10,
    trigger: 'motion',
    state: 'closed',
    protected: false,
    repaired: false,
    videoCodecString: 'avc1.64001f',
    width: 640,
    height: 360,
    hasAudio: false,
    region: { x: 0, y: 0, width: 0, height: 0 },
    changes: 0,
    ...about,
  };
}

const facts: RetentionFacts = {
  nowWallMs: now,
  boot: { id: 'boot-2', wallOffsetMs: now - 10_000_000 },
  freeBytes: 10_000,
  recordingsBytes: 300,
  bytesByCamera: new Map([['front', 300]]),
  neededBytes: 0,
  diskSaysFull: false,
};
const limits: RetentionLimits = { maxBytes: null, maxAgeDays: null, minFreeBytes: 0, reserveBytes: 1_000, cameras: new Map() };
const three = [
  recording('b', { startWallMs: now - 2 * day }),
  recording('a', { startWallMs: now - 3 * day }),
  recording('c', { startWallMs: now - day }),
];

const goes = (f: Partial<RetentionFacts>, l: Partial<RetentionLimits>, unprotected = three, kept: RecordingSummary[] = []) =>
  planRetention({ ...facts, ...f }, { ...limits, ...l }, { unprotected, protected: kept }).removals.map(
    ({ recording: { id }, reason }) => `${id} ${reason}`,
  );

describe('what goes when', () => {
  test('nothing, while there is room and no limit', () => {
    expect(goes({}, {})).toEqual([]);
  });

  test('what is older than the device keeps', () => {
    expect(goes({}, { maxAgeDays: 2.5 })).toEqual(['a older-than-device-keeps']);
  });

  test('what is older than its camera keeps, while others stay', () => {
    const other = recording('other', { cameraId: 'yard', startWallMs: now - 9 * day });
    const cameras = new Map([['front', { maxAgeDays: 1.5, maxBytes: null }]]);
    expect(goes({}, { cameras }, [...three, other])).toEqual(['a older-than-camera-keeps', 'b older-than-camera-keeps']);
  });

  test('nothing by age while nobody knows how late it is, and nothing whose own time is a guess', () => {
    expect(goes({ nowWallMs: null }, { maxAgeDays: 1 })).toEqual([]);
    expect(goes({}, { maxAgeDays: 1 }, [recording('guess', { clock: 'approximate', startWallMs: 0 })])).toEqual([]);
  });

  test('the oldest first, until a camera and then the device are within their bytes', () => {
    expect(goes({}, { cameras: new Map([['front', { maxAgeDays: null, maxBytes: 200 }]]) })).toEqual(['a camera-over-its-bytes']);
    expect(goes({}, { maxBytes: 150 })).toEqual(['a device-over-its-bytes', 'b device-over-its-bytes']);
  });

  test('the oldest first, as many as the next write and the free space that was asked for need', () => {
    expect(goes({ freeBytes: 1_000, neededBytes: 50 }, {})).toEqual(['a space-needed']);
    expect(goes({ freeBytes: 1_000, neededBytes: 50 }, { minFreeBytes: 100 })).toEqual(['a space-needed', 'b space-needed']);
  });

  test('a protected one only for the reserve, and only when no other is left', () => {
    const kept = [recording('kept', { protected: true })];
    expect(goes({ freeBytes: 1_000 }, { minFreeBytes: 500, maxBytes: 1, maxAgeDays: 0.1 }, [], kept)).toEqual([]);
    expect(goes({ freeBytes: 900 }, {}, three.slice(0, 1), kept)).toEqual(['b space-needed']);
    expect(goes({ freeBytes: 900 }, {}, [], kept)).toEqual(['kept space-needed']);
  });

  test('one, when the disk says it is full whatever it says about free space', () => {
    expect(goes({ diskSaysFull: true }, {})).toEqual(['a space-needed']);
  });

  test('first what another boot dated in the future, for its clock was ahead and it was before what is made now', () => {
    const ahead = [recording('d', { startWallMs: now + 2 * day }), recording('e', { startWallMs: now + day })];
    expect(goes({}, { maxBytes: 50 }, [...three, ...ahead]).map((line) => line.split(' ')[0])).toEqual(['e', 'd', 'a']);
    expect(goes({ nowWallMs: null }, { maxBytes: 250 }, [...three, ...ahead])).toEqual(['a device-over-its-bytes']);
    expect(goes({}, { maxAgeDays: 2.5 }, [...three, ...ahead])).toEqual(['a older-than-device-keeps']);
  });

  test('what this boot dated in the future, by when its boot clock says that it was', () => {
    const ahead = recording('d', { bootId: 'boot-2', startWallMs: now + day, startBootMs: 9_000_000 });
    const newest = recording('e', { bootId: 'boot-2', startWallMs: now - 60_000, startBootMs: 9_940_000 });
    expect(goes({}, { maxBytes: 0 }, [newest, ahead, ...three]).map((line) => line.split(' ')[0])).toEqual(['a', 'b', 'c']);
    expect(goes({}, { maxBytes: 200 }, [newest, ahead])).toEqual(['d device-over-its-bytes']);
  });

  test('says how much is missing when everything is gone', () => {
    expect(planRetention({ ...facts, freeBytes: 700 }, limits, { unprotected: three.slice(0, 1), protected: [] }).shortBytes).toBe(200);
  });

  test('never more than is needed, and never too little when there is enough', () => {
    const size = fc.integer({ min: 1, max: 500 });
    fc.assert(
      fc.property(fc.array(size, { maxLength: 30 }), fc.nat(5_000), fc.nat(2_000), (sizes, freeBytes, neededBytes) => {
        const rows = sizes.map((sizeBytes, index) => recording(`r${index}`, { sizeBytes, startWallMs: now - day + index }));
        const plan = planRetention({ ...facts, freeBytes, neededBytes }, limits, { unprotected: rows, protected: [] });
        const freed = plan.removals.reduce((sum, removal) => sum + removal.recording.sizeBytes, 0);
        const wanted = limits.reserveBytes + neededBytes;
        if (plan.removals.length < rows.length) expect(freeBytes + freed).toBeGreaterThanOrEqual(wanted);
        const last = plan.removals.at(-1)?.recording.sizeBytes ?? 0;
        if (last > 0) expect(freeBytes + freed - last).toBeLessThan(wanted);
      }),
    );
  });
});

test('the reserve holds an update, but is never more than a twentieth of the volume', () => {
  expect(reserveOf(64e9)).toBe(536_870_912);
  expect(reserveOf(1e9)).toBe(50_000_000);
});
