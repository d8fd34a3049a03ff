import { describe, expect, test } from 'vitest';
import type { Camera } from '../api/api.ts';
import { draftOfSource, savedPassword, sourceOfDraft } from './camera-draft.ts';
import { changeOfDraft, draftOfCamera, withNoticeKind, wrongFields } from './camera-edit.ts';
import { typedNumber } from './typed-number.ts';

const camera: Camera = {
  id: 'front',
  name: 'Front',
  enabled: true,
  source: { kind: 'rtsp', url: 'rtsp://10.0.0.5/main', transport: 'tcp', username: 'viewer', hasPassword: true },
  recording: {
    mode: 'events',
    preRollMs: 10_000,
    postRollMs: 20_000,
    maxLengthMs: 300_000,
    audio: true,
    schedule: null,
    maxAgeDays: null,
    maxBytes: null,
  },
  motion: { enabled: true, sensitivity: 50, zones: [] },
  notices: { enabled: false, kinds: ['motion', 'person'] },
  timeLapse: { enabled: false, intervalMs: 300_000, fullSize: true, schedule: null, maxAgeDays: null, maxBytes: 5_000_000_000 },
  state: 'online',
  status: {
    state: 'online',
    since: '2026-06-01T08:00:00Z',
    problem: null,
    lastFrameAgeMs: 50,
    stream: null,
    recordingNow: false,
    motionNow: false,
    restarts: 0,
    notes: [],
  },
};
const draft = draftOfCamera(camera);

describe('editing a camera', () => {
  test('says which of what the camera notices is wanted, and only what was changed', () => {
    expect(changeOfDraft({ ...draft, noticesEnabled: true }, camera)).toEqual({ notices: { enabled: true } });
    const kinds = withNoticeKind(withNoticeKind(draft.noticeKinds, 'visitor', true), 'motion', false);
    expect(changeOfDraft({ ...draft, noticeKinds: kinds }, camera)).toEqual({ notices: { kinds: ['person', 'visitor'] } });
  });

  test.each([
    ['rtsp://10.0.0.5:554/other', '', 'kept'],
    ['rtsp://10.0.0.5/main', 'rtsp://10.0.0.5/sub', 'kept'],
    ['rtsp://10.0.0.6/main', '', 'needed-again'],
    ['rtsp://10.0.0.5/main', 'rtsp://10.0.0.5:8554/sub', 'needed-again'],
  ])('with the address %s and the smaller stream %j the saved password is %s', (url, subUrl, becomes) => {
    expect(savedPassword({ ...draft.source, url, subUrl }, camera.source)).toBe(becomes);
    expect(savedPassword({ ...draft.source, url, subUrl }, { kind: 'demo' })).toBe('none');
  });

  test.each([
    ['', 'kept'],
    ['http://10.0.0.5:8080/onvif', 'kept'],
    ['http://10.0.0.6/onvif', 'needed-again'],
    ['http://10.0.0.', 'needed-again'],
  ])('with the ONVIF address %j the saved password is %s', (onvifUrl, becomes) => {
    expect(savedPassword({ ...draft.source, onvifUrl }, camera.source)).toBe(becomes);
  });

  test('what was not touched is not sent', () => {
    expect(changeOfDraft(draft, camera)).toBeNull();
    expect(wrongFields(draft).size).toBe(0);
  });

  test('only what differs is sent, in the units of the wire', () => {
    const changed = {
      ...draft,
      name: ' Front door ',
      preRollSeconds: '2,5',
      maxGigabytes: '1.5',
      sensitivity: 70,
      lapseEnabled: true,
      lapseMaxGigabytes: '',
    };
    expect(changeOfDraft(changed, camera)).toEqual({
      name: 'Front door',
      recording: { preRollMs: 2500, maxBytes: 1_500_000_000 },
      motion: { sensitivity: 70 },
      timeLapse: { enabled: true, maxBytes: null },
    });
  });

  test('an emptied limit is sent as no limit', () => {
    const limited = { ...camera, recording: { ...camera.recording, maxAgeDays: 30 } };
    expect(changeOfDraft({ ...draftOfCamera(limited), maxAgeDays: '' }, limited)).toEqual({ recording: { maxAgeDays: null } });
  });

  test('a new address does not send the password, so that the saved one stays', () => {
    const moved = { ...draft, source: { ...draft.source, url: 'rtsp://10.0.0.6/main' } };
    expect(changeOfDraft(moved, camera)).toEqual({
      source: { kind: 'rtsp', url: 'rtsp://10.0.0.6/main', transport: 'tcp', username: 'viewer' },
    });
  });

  test('an emptied user name is sent, so that the saved one goes', () => {
    const anonymous = { ...draft, source: { ...draft.source, username: '' } };
    expect(changeOfDraft(anonymous, camera)?.source).toMatchObject({ username: '' });
  });

  test('names the fields that cannot be saved', () => {
    const wrong = wrongFields({
      ...draft,
      name: ' ',
      preRollSeconds: '99',
      postRollSeconds: '',
      maxAgeDays: '-1',
      zones: [{ name: '', kind: 'include', points: [] }],
    });
    expect([...wrong].sort()).toEqual(['maxAgeDays', 'name', 'postRollSeconds', 'preRollSeconds', 'zones']);
  });
});

describe('a source while it is typed', () => {
  test('is none until what is needed is there', () => {
    const empty = draftOfSource({ kind: 'demo' });
    expect(sourceOfDraft(empty)).toEqual({ kind: 'demo' });
    expect(sourceOfDraft({ ...empty, kind: 'rtsp' })).toBeNull();
    expect(sourceOfDraft({ ...empty, kind: 'file', path: ' ' })).toBeNull();
    expect(sourceOfDraft({ ...empty, kind: 'file', path: ' /a.mp4 ' })).toEqual({ kind: 'file', url: '/a.mp4', loop: true });
  });

  test('numbers are read with comma or point, within bounds', () => {
    expect([typedNumber('1,5', 0, 2), typedNumber('', 0, 2), typedNumber('3', 0, 2), typedNumber('x', 0, 2)]).toEqual([
      1.5,
      null,
      undefined,
      undefined,
    ]);
  });
});
