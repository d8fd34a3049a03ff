import { describe, expect, test } from 'vitest';
import type { Answer, Disk, RecordingPlace } from '../api/api.ts';
import { createDisks, type DisksClient } from './disks.ts';

const stick: Disk = { id: 'stick', name: 'sda', model: 'Stick', sizeBytes: 64e9, volumeId: null, content: 'vfat “PHOTOS”', answers: true };
const place: RecordingPlace = { volumeId: null, isThere: true, unavailable: null, disks: [stick] };
const problem = { kind: 'conflict' as const, message: 'It is in use.', action: null };
const refused: Answer<never> = { kind: 'error', problem };

const ok = <T>(value: T): Answer<T> => ({ kind: 'ok', value });

function client(changes: Partial<DisksClient> = {}): DisksClient {
  return {
    recordingPlace: async () => ok(place),
    chooseDisk: async () => ok(null),
    eraseDisk: async () => ok({ ...stick, volumeId: '0c5d' }),
    ...changes,
  };
}

describe('the place where recordings are kept', () => {
  test('once it is chosen, the device is said to start anew until it has told how it is', async () => {
    let isBack = false;
    const disks = createDisks(client({ recordingPlace: async () => (isBack ? ok({ ...place, volumeId: '0c5d' }) : refused) }));
    expect(await disks.choose('0c5d')).toBeNull();
    expect(disks.startsAnew.value).toEqual({ volumeId: '0c5d' });
    await disks.load();
    expect(disks.startsAnew.value).not.toBeNull();
    isBack = true;
    await disks.load();
    expect(disks.startsAnew.value).toBeNull();
    expect(disks.place.value.value?.volumeId).toBe('0c5d');
  });

  test('a look that began before the choice does not end the wait for the start', async () => {
    const { promise, resolve } = Promise.withResolvers<Answer<RecordingPlace>>();
    const disks = createDisks(client({ recordingPlace: () => promise }));
    const looking = disks.load();
    await disks.choose('0c5d');
    resolve(ok(place));
    await looking;
    expect(disks.startsAnew.value).toEqual({ volumeId: '0c5d' });
  });

  test('a choice that is refused says why, and nothing starts anew', async () => {
    const disks = createDisks(client({ chooseDisk: async () => refused }));
    expect(await disks.choose('0c5d')).toEqual(problem);
    expect(disks.startsAnew.value).toBeNull();
  });
});

describe('a connection that is there again', () => {
  test.each([
    ['asks anew for whoever saw the place', true, 2],
    ['asks nothing for whoever never did', false, 0],
  ])('%s', async (_what, wasShown, asked) => {
    let count = 0;
    const disks = createDisks(
      client({
        recordingPlace: async () => {
          count += 1;
          return ok(place);
        },
      }),
    );
    if (wasShown) await disks.load();
    disks.refresh();
    expect(count).toBe(asked);
  });

  test('asks anew for whoever never got an answer', () => {
    let count = 0;
    const recordingPlace = () => {
      count += 1;
      return new Promise<never>(() => {});
    };
    const disks = createDisks(client({ recordingPlace }));
    void disks.load();
    disks.refresh();
    expect(count).toBe(2);
  });
});

describe('a disk that is erased', () => {
  test('is under way until the list has it as it is now, and no other is erased meanwhile', async () => {
    const { promise, resolve } = Promise.withResolvers<Answer<Disk>>();
    const ready = { ...stick, volumeId: '0c5d' };
    const asked: string[] = [];
    const eraseDisk = (id: string) => {
      asked.push(id);
      return promise;
    };
    const disks = createDisks(client({ eraseDisk, recordingPlace: async () => ok({ ...place, disks: [ready] }) }));
    const erased = disks.erase('stick');
    expect(disks.erasing.value).toBe('stick');
    expect(await disks.erase('other')).toBe(false);
    resolve(ok(ready));
    expect(await erased).toBe(true);
    expect(asked).toEqual(['stick']);
    expect(disks.erasing.value).toBeNull();
    expect(disks.place.value.value?.disks).toEqual([ready]);
  });

  test('or cannot be: the list is looked at again, and why stays until the next look', async () => {
    const disks = createDisks(client({ eraseDisk: async () => refused, recordingPlace: async () => ok({ ...place, disks: [] }) }));
    expect(await disks.erase('stick')).toBe(false);
    expect(disks.eraseProblem.value).toEqual(problem);
    expect(disks.place.value.value?.disks).toEqual([]);
    await disks.load();
    expect(disks.eraseProblem.value).toBeNull();
  });
});
