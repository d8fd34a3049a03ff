import { describe, expect, test } from 'vitest';
import type { NoticeKind } from '#device/contract/contract.ts';
import { NoticeLevels } from './notice-levels.ts';

function stage() {
  const told: string[] = [];
  let bootMs = 0;
  const levels = new NoticeLevels({
    began: (kind, at) => told.push(`${at / 1000} ${kind} began`),
    ended: (kind, at) => told.push(`${at / 1000} ${kind} ended`),
  });
  const at = (seconds: number) => {
    while (bootMs < seconds * 1000) {
      bootMs += 1_000;
      levels.tick(bootMs);
    }
  };
  const say = (seconds: number, active: boolean | 'moment', kind: NoticeKind = 'motion', key = '1') => {
    at(seconds);
    levels.take({ kind, key, active }, bootMs);
  };
  return { told, at, say, levels };
}

describe('what a camera notices', () => {
  test('begins and ends as it says, each kind for itself', () => {
    const { say, at, told } = stage();
    say(1, true);
    say(2, true, 'person');
    say(6, false, 'person');
    say(9, false);
    at(20);
    expect(told).toEqual(['1 motion began', '2 person began', '6 person ended', '9 motion ended']);
  });

  test('is one when it flickers, or when several rules notice it', () => {
    const { say, at, told } = stage();
    say(1, true);
    for (const second of [2, 4, 6]) {
      say(second, false);
      say(second + 1, true);
    }
    say(8, true, 'motion', '2');
    say(9, false);
    say(15, false, 'motion', '2');
    at(20);
    expect(told).toEqual(['1 motion began', '15 motion ended']);
  });

  test('in a moment lasts for some seconds, longer when it happens again', () => {
    const { say, at, told } = stage();
    say(1, 'moment', 'line');
    say(4, 'moment', 'line');
    at(20);
    expect(told).toEqual(['1 line began', '9 line ended']);
  });

  test('ends at last though nobody says so, and goes on while it is said', () => {
    const { say, at, told } = stage();
    say(1, true);
    say(501, true);
    at(2_000);
    expect(told).toEqual(['1 motion began', '1101 motion ended']);
  });

  test('ends soon when the camera is heard no more, and goes on when it is heard again', () => {
    const { say, at, told, levels } = stage();
    say(1, true);
    at(10);
    levels.lost(10_000);
    say(20, true);
    at(60);
    expect(told).toEqual(['1 motion began']);
    levels.lost(60_000);
    at(120);
    expect(told).toEqual(['1 motion began', '90 motion ended']);
  });

  test('is bounded, whatever it is told', () => {
    const { say, at, told } = stage();
    for (let key = 0; key < 1_000; key += 1) say(1, true, 'motion', String(key));
    for (let key = 0; key < 64; key += 1) say(2, false, 'motion', String(key));
    at(6);
    expect(told).toEqual(['1 motion began', '2 motion ended']);
  });

  test('of which the end is told without a beginning is nothing', () => {
    const { say, at, told } = stage();
    say(1, false);
    at(9);
    expect(told).toEqual([]);
  });
});
