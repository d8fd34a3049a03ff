import { expect, test } from 'vitest';
import type { NewEvent } from '#device/events/event-row.ts';
import type { EventJournal } from '#device/events/journal.ts';
import { silentLogger } from '#device/kernel/logger.ts';
import { fakeEvent } from '#device/testing/fake-things.ts';
import { SimulatedClock } from '#device/testing/simulated-clock.ts';
import { HardwareJournal } from './hardware-journal.ts';

/** A journal that takes its time, and fails where it is told to. */
function slowJournal(clock: SimulatedClock, fails: { begin: boolean }) {
  const told: string[] = [];
  const journal = {
    begin: async ({ kind, startBootMs }: NewEvent) => {
      await clock.sleep(100);
      if (fails.begin) throw new Error('disk full');
      told.push(`begin ${kind} at ${startBootMs}`);
      return fakeEvent('e1');
    },
    end: async (id: string, { endBootMs }: { endBootMs: number }) => {
      told.push(`end ${id} at ${endBootMs}`);
      return fakeEvent(id);
    },
    record: async ({ kind }: NewEvent) => {
      told.push(`record ${kind}`);
      return fakeEvent('e2');
    },
  } satisfies Partial<EventJournal>;
  return { told, journal };
}

const weak = { kind: 'power.weak', cameraId: null, message: 'weak' } as const;

test('what lasts is begun once and ended once, at the times it was told, however slow the disk is', async () => {
  const clock = new SimulatedClock();
  const { told, journal } = slowJournal(clock, { begin: false });
  const hardware = new HardwareJournal(journal, { clock, logger: silentLogger });
  hardware.begin('power', weak);
  hardware.begin('power', weak);
  await clock.advance(10);
  hardware.end('power');
  hardware.end('power');
  hardware.record({ ...weak, kind: 'device.wedged' });
  await clock.advance(200);
  await hardware.settled();
  expect(told).toEqual(['record device.wedged', 'begin power.weak at 0', 'end e1 at 10']);
});

test('what could not be written has no end either, and the next time is told again', async () => {
  const clock = new SimulatedClock();
  const fails = { begin: true };
  const { told, journal } = slowJournal(clock, fails);
  const hardware = new HardwareJournal(journal, { clock, logger: silentLogger });
  hardware.begin('power', weak);
  hardware.end('power');
  await clock.advance(200);
  fails.begin = false;
  hardware.begin('power', weak);
  await clock.advance(200);
  expect(told).toEqual(['begin power.weak at 200']);
});
