import { beforeEach, describe, expect, test } from 'vitest';
import type { EventJournal } from '#device/events/journal.ts';
import { Failure } from '#device/kernel/failure.ts';
import { silentLogger } from '#device/kernel/logger.ts';
import { CameraJournal } from './camera-journal.ts';

/** Notes what is asked of the journal; `refuse` lets the next ask fail. */
function stage() {
  const told: string[] = [];
  let failure: Failure | null = null;
  const say = async (what: string): Promise<{ id: string }> => {
    if (failure) {
      const thrown = failure;
      failure = null;
      throw thrown;
    }
    told.push(what);
    return { id: `event-${told.length}` };
  };
  const journal = {
    begin: (event: { kind: string }) => say(`begin ${event.kind}`),
    record: (event: { kind: string }) => say(`record ${event.kind}`),
    end: (id: string) => say(`end ${id}`),
  };
  const refuse = () => {
    failure = new Failure('storage-failed', 'The disk takes nothing.');
  };
  return { told, refuse, cameras: new CameraJournal(journal as unknown as EventJournal, silentLogger) };
}

describe('what is written down of a camera that was offline', () => {
  let { told, refuse, cameras } = stage();

  beforeEach(() => {
    ({ told, refuse, cameras } = stage());
  });

  test('is one outage, ended when it delivers again, also after its settings were changed', async () => {
    cameras.online('front', 0);
    cameras.offline('front', 'gone', 1_000);
    cameras.offline('front', 'still gone', 2_000);
    cameras.online('front', 3_000);
    cameras.online('front', 4_000);
    await cameras.settled();
    expect(told).toEqual(['begin camera.offline', 'end event-1', 'record camera.online']);
  });

  test.each(['switchedOff', 'forget'] as const)('ends with %s', async (way) => {
    cameras.offline('front', 'gone', 1_000);
    cameras[way]('front', 2_000);
    await cameras.settled();
    expect(told).toEqual(['begin camera.offline', 'end event-1']);
  });

  test('does not hide the next outage when its end could not be written', async () => {
    cameras.offline('front', 'gone', 1_000);
    await cameras.settled();
    refuse();
    cameras.online('front', 2_000);
    cameras.offline('front', 'gone again', 3_000);
    await cameras.settled();
    expect(told).toEqual(['begin camera.offline', 'begin camera.offline']);
  });
});

describe('what is written down of what a camera notices itself', () => {
  test('is one event of each kind, and what comes too late for it is not told of the next', async () => {
    const { told, refuse, cameras } = stage();
    const person = { kind: 'person', startBootMs: 1_000 } as const;
    cameras.noticeStarted('front', { ...person, message: 'Somebody.' });
    cameras.noticeStarted('front', { kind: 'line', startBootMs: 1_000, message: 'A line.' });
    cameras.noticeEnded('front', person, 3_000);
    await cameras.settled();
    refuse();
    cameras.noticeStarted('front', { ...person, startBootMs: 9_000, message: 'Somebody.' });
    cameras.noticeEnded('front', { ...person, startBootMs: 9_000 }, 10_000);
    await cameras.settled();
    expect(told).toEqual(['begin noticed.person', 'begin noticed.line', 'end event-1']);
  });
});
