import { describe, expect, test } from 'vitest';
import type { EventKind } from '#device/contract/contract.ts';
import { fakeEvent } from '#device/testing/fake-things.ts';
import { MovingCameras } from './moving-cameras.ts';

function follow(
  ...happenings: [phase: 'started' | 'updated' | 'ended', id: string, kind: EventKind, cameraId?: string | null][]
): string[] {
  const told: string[] = [];
  const cameras = new MovingCameras((cameraId, isMoving) => told.push(`${cameraId} ${isMoving ? 'moves' : 'is still'}`));
  for (const [phase, id, kind, cameraId = 'yard'] of happenings) {
    cameras.take({ phase, event: { ...fakeEvent(id), kind, cameraId } });
    told.push(`${phase} ${id}`);
  }
  return told;
}

describe('what outputs follow', () => {
  test('is one movement for all that happens at a time before one camera', () => {
    expect(
      follow(['started', '1', 'motion'], ['started', '2', 'noticed.person'], ['ended', '1', 'motion'], ['ended', '2', 'noticed.person']),
    ).toEqual(['yard moves', 'started 1', 'started 2', 'ended 1', 'yard is still', 'ended 2']);
  });

  test('is not what concerns the camera alone, nor the device, nor news of what lasts', () => {
    expect(
      follow(
        ['started', '1', 'noticed.tamper'],
        ['started', '2', 'noticed.sound'],
        ['updated', '3', 'motion'],
        ['started', '4', 'motion', null],
      ),
    ).toEqual(['started 1', 'started 2', 'updated 3', 'started 4']);
  });
});
