import { expect, test } from 'vitest';
import { silentLogger } from '#device/kernel/logger.ts';
import { fakeCamera } from '#device/testing/fake-things.ts';
import { SimulatedClock } from '#device/testing/simulated-clock.ts';
import { camerasAtWork } from './cameras-at-work.ts';

function expectedOf(before: readonly string[], lacksCameras: boolean): string[] {
  const recordings = { onRecording: () => () => {}, writing: () => null, problem: null };
  const cameras = {
    list: () => [fakeCamera('front'), { ...fakeCamera('shed'), enabled: false }],
    record: async () => expect.unreachable(),
  };
  const work = camerasAtWork({
    ...{ clock: new SimulatedClock(), logger: silentLogger, cameras, recordings, portalUrl: () => null },
    lacksCameras,
  });
  return work.expected(before);
}

test('a camera that was removed or switched off since is not expected any more', () => {
  expect(expectedOf(['front', 'shed', 'yard'], false)).toEqual(['front']);
});

test('a camera whose definition was left aside was removed by nobody', () => {
  expect(expectedOf(['front', 'shed', 'yard'], true)).toEqual(['front', 'yard']);
});
