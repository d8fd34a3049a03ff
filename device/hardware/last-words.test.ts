import { describe, expect, test } from 'vitest';
import { textInMemory } from '#device/testing/planted-kernel.ts';
import { LastWords } from './last-words.ts';

describe('why the device ended itself', () => {
  let wallMs = Date.UTC(2026, 0, 5);
  const start = async (kept: ReturnType<typeof textInMemory>) => {
    const words = new LastWords(kept, () => wallMs);
    return { words, told: await words.take() };
  };

  test('is told by the next start, and by no later one', async () => {
    const kept = textInMemory();
    const { words, told } = await start(kept);
    expect(told).toBeNull();
    await words.leave('The storage did not answer for 130 s.');
    expect((await start(kept)).told).toBe('The storage did not answer for 130 s.');
    expect((await start(kept)).told).toBeNull();
  });

  test('the third time in a row the machine is to begin anew, and then again every third time', async () => {
    const kept = textInMemory();
    const wishes = [];
    for (let end = 0; end < 6; end += 1) {
      const { words } = await start(kept);
      wallMs += 300_000;
      wishes.push((await words.leave('stuck')).wantsReboot);
    }
    expect(wishes).toEqual([false, false, true, false, false, true]);
  });

  test('ends that lie far apart are no row', async () => {
    const kept = textInMemory();
    for (let end = 0; end < 4; end += 1) {
      const { words } = await start(kept);
      wallMs += 2 * 3_600_000;
      expect((await words.leave('stuck')).wantsReboot).toBe(false);
    }
  });

  test('torn words are none', async () => {
    expect((await start(textInMemory('{"reason":"st'))).told).toBeNull();
  });
});
