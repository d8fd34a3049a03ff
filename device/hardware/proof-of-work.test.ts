import { beforeEach, describe, expect, test } from 'vitest';
import { type CameraWork, ProofOfWork, type Work } from './proof-of-work.ts';

const front: CameraWork = { id: 'front', name: 'Front', state: 'online', sinceBootMs: 0, shouldRecord: true, writtenBootMs: null };

describe('the proof that the device works', () => {
  let proof: ProofOfWork;
  beforeEach(() => {
    proof = new ProofOfWork();
  });

  const second = (at: number) => at * 1000;
  const judge = (at: number, cameras: CameraWork[], storage: Partial<Work['storage']> = {}) =>
    proof.judge({ bootMs: second(at), cameras, storage: { answeredBootMs: second(at), hasProblem: false, ...storage } });

  test('is given while fragments of every camera reach the disk', () => {
    for (let at = 0; at < 600; at += 5) expect(judge(at, [{ ...front, writtenBootMs: second(at) - 1500 }])).toEqual({ proven: true });
  });

  test('a camera that begins to record owes nothing for the first two minutes', () => {
    expect(judge(1000, [{ ...front, writtenBootMs: second(10) }]).proven).toBe(true);
    expect(judge(1120, [{ ...front, writtenBootMs: second(10) }]).proven).toBe(true);
    expect(judge(1121, [{ ...front, writtenBootMs: second(10) }])).toEqual({
      proven: false,
      reason: 'Front should record, but nothing of it reached the disk for 121 s.',
    });
  });

  test('one camera that is stuck is enough, however busy the others are', () => {
    const hall = { ...front, id: 'hall', name: 'Hall' };
    judge(0, [front, hall]);
    expect(judge(130, [{ ...front, writtenBootMs: second(129) }, hall])).toMatchObject({
      proven: false,
      reason: expect.stringContaining('Hall'),
    });
  });

  test('a camera known to be off owes nothing, and begins anew when it is back', () => {
    judge(0, [front]);
    for (const state of ['offline', 'disabled', 'connecting'] as const) {
      expect(judge(200, [{ ...front, state, sinceBootMs: second(190) }]).proven).toBe(true);
    }
    expect(judge(300, [front]).proven).toBe(true);
    expect(judge(419, [front]).proven).toBe(true);
    expect(judge(421, [front]).proven).toBe(false);
  });

  test('nor does one that has nothing to record', () => {
    judge(0, [front]);
    expect(judge(500, [{ ...front, shouldRecord: false }]).proven).toBe(true);
  });

  test('a disk that is known to refuse is no reason to start anew', () => {
    judge(0, [front]);
    expect(judge(500, [front], { hasProblem: true }).proven).toBe(true);
    expect(judge(501, [front]).proven).toBe(true);
  });

  test('storage that no longer answers is', () => {
    expect(judge(200, [], { answeredBootMs: second(100) }).proven).toBe(true);
    expect(judge(230, [], { answeredBootMs: second(100) })).toEqual({ proven: false, reason: 'The storage did not answer for 130 s.' });
  });

  test('a camera that neither connects nor fails hangs', () => {
    const stuck = { ...front, state: 'connecting' as const, shouldRecord: false };
    expect(judge(300, [stuck]).proven).toBe(true);
    expect(judge(301, [stuck])).toEqual({ proven: false, reason: 'Front has been connecting for 301 s.' });
  });
});
