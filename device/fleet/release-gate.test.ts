import { beforeEach, describe, expect, test } from 'vitest';
import { SimulatedFleet } from '#device/testing/simulated-fleet.ts';
import { emptyRecord } from './release-record.ts';

const old = { version: '1.0.0', build: 'a' };
const bad = { version: '1.1.0', build: 'b' };
const newer = { version: '1.2.0', build: 'c' };

let device: SimulatedFleet;

/** The old release runs for a quarter of an hour with both cameras; then the fleet wants the next. */
beforeEach(async () => {
  device = new SimulatedFleet();
  await device.start(old, { commit: 'old' });
  await device.pass(900);
  device.fleetCommit = 'bad';
});

async function updateThatFails(): Promise<void> {
  device.cameras.set('yard', 'gone');
  await device.start(bad, { commit: 'bad' });
  await device.pass(310);
}

describe('a device that runs one release', () => {
  test('remembers which cameras record, and writes that down only when it changes', async () => {
    expect(device.stored).toMatchObject({ good: { ...old, commit: 'old' }, cameras: ['front', 'yard'] });
    const { length } = device.written;
    await device.pass(86_400);
    expect(device.written).toHaveLength(length);
  });

  test('writes no more than every ten minutes, though a camera comes and goes all the time', async () => {
    const { length } = device.written;
    for (let minute = 0; minute < 60; minute += 1) {
      device.cameras.set('yard', minute % 2 === 0 ? 'gone' : 'recording');
      await device.pass(60);
    }
    expect(device.written.length - length).toBeLessThanOrEqual(6);
  });

  test('forgets no camera for a storage that fails for minutes, as while a disk that was pulled out is put in order, but all when it lasts', async () => {
    device.storage = 'fails';
    await device.pass(590);
    device.storage = 'takes';
    await device.pass(60);
    device.storage = 'fails';
    await device.pass(590);
    expect(device.stored.cameras).toEqual(['front', 'yard']);
    await device.pass(60);
    expect(device.stored.cameras).toEqual([]);
  });

  test('tells nothing and has no last update', () => {
    expect(device.happenings).toEqual([]);
    expect(device.gate.lastUpdate()).toBeNull();
  });
});

describe('an update that works', () => {
  test('is on trial at first, then told to have worked', async () => {
    await device.start(bad, { commit: 'bad' });
    expect(device.gate.lastUpdate()).toMatchObject({ outcome: 'on-trial', fromVersion: '1.0.0', toVersion: '1.1.0' });
    await device.pass(70);
    expect(device.gate.lastUpdate()).toMatchObject({ outcome: 'worked', message: 'It records from all 2 cameras that recorded before.' });
    expect(device.happenings).toMatchObject([{ kind: 'update.worked' }]);
    expect(device.pinned).toBeNull();
  });

  test('asks a camera that waits for something to move to show that it can record', async () => {
    device.cameras.set('yard', 'ready');
    await device.start(bad);
    await device.pass(15);
    expect(device.proofs).toEqual([]);
    await device.pass(60);
    expect(device.proofs).toEqual(['yard']);
    expect(device.gate.lastUpdate()?.outcome).toBe('worked');
  });

  test('is not believed for pictures alone', async () => {
    device.cameras.set('yard', 'ready');
    device.canProve = false;
    await device.start(bad);
    await device.pass(310);
    expect(device.gate.situation).toBe('going-back');
  });
});

describe('an update while the disk with the recordings is not plugged in', () => {
  beforeEach(() => {
    device.storage = 'away';
    device.canProve = false;
    for (const id of device.cameras.keys()) device.cameras.set(id, 'ready');
  });

  test('is believed for pictures, which is all that can be seen, and says so', async () => {
    await device.start(bad, { commit: 'bad' });
    await device.pass(70);
    expect(device.proofs).toEqual([]);
    expect(device.gate.lastUpdate()).toMatchObject({ outcome: 'worked', message: expect.stringContaining('could not be proved') });
    expect(device.pinned).toBeNull();
  });

  test('is taken back when there is no picture either', async () => {
    await updateThatFails();
    expect(device.pinned).toBe('old');
    expect(device.happenings[0]?.message).toContain('YARD recorded before');
  });

  test('is watched however long the disk was away before', async () => {
    await device.pass(7_200);
    expect(device.stored.cameras).toEqual(['front', 'yard']);
  });

  test('is taken back when the disk comes and the release does not write to it', async () => {
    device.cameras.set('yard', 'gone');
    await device.start(bad, { commit: 'bad' });
    await device.pass(200);
    device.cameras.set('yard', 'ready');
    device.storage = 'fails';
    await device.pass(110);
    expect(device.pinned).toBe('old');
  });

  test('counts as well when it could not be taken back in time', async () => {
    device.isFleetReached = false;
    await updateThatFails();
    device.cameras.set('yard', 'ready');
    await device.pass(10);
    expect(device.gate.lastUpdate()).toMatchObject({ outcome: 'worked', message: expect.stringContaining('could not be proved') });
  });
});

describe('a storage that takes nothing although its disk is there', () => {
  test('is the doing of the release: pictures are not enough', async () => {
    device.storage = 'fails';
    device.canProve = false;
    for (const id of device.cameras.keys()) device.cameras.set(id, 'ready');
    await device.start(bad, { commit: 'bad' });
    await device.pass(310);
    expect(device.proofs).toEqual([]);
    expect(device.pinned).toBe('old');
  });
});

describe('an update that does not record', () => {
  test('asks the fleet for the release before, once, and says why', async () => {
    await updateThatFails();
    expect(device.pinned).toBe('old');
    expect(device.hastened).toBe(1);
    expect(device.stored.refusal).toMatchObject({ wasTracking: true, isPinned: true });
    expect(device.happenings).toMatchObject([{ kind: 'update.failed' }]);
    expect(device.happenings[0]?.message).toContain('YARD recorded before and did not within 5 minutes.');
    expect(device.gate.lastUpdate()?.outcome).toBe('going-back');
    await device.pass(3_600);
    expect(device.hastened).toBe(1);
  });

  test('is told again by the release before, which is content', async () => {
    await updateThatFails();
    await device.start(old, { commit: 'old' });
    await device.pass(600);
    expect(device.gate.situation).toBe('steady');
    expect(device.happenings.map(({ kind }) => kind)).toEqual(['update.failed', 'update.rolled-back']);
    expect(device.gate.lastUpdate()?.outcome).toBe('rolled-back');
    expect(device.gate.refusedVersion()).toBe('1.1.0');
    expect(device.gate.checks()).toMatchObject([{ level: 'note' }]);
  });

  test('is not tried again, until the fleet has a newer one', async () => {
    await updateThatFails();
    await device.start(old, { commit: 'old' });
    await device.pass(86_400);
    expect(device.pinned).toBe('old');
    device.fleetCommit = 'newer';
    await device.pass(1_900);
    expect(device.pinned).toBeNull();
    device.cameras.set('yard', 'recording');
    await device.start(newer, { commit: 'newer' });
    await device.pass(70);
    expect(device.gate.lastUpdate()).toMatchObject({ outcome: 'worked', fromVersion: '1.0.0', toVersion: '1.2.0' });
  });

  test('is tried again when the owner wants it', async () => {
    await updateThatFails();
    await device.start(old, { commit: 'old' });
    await device.gate.tryAgain();
    expect(device.pinned).toBeNull();
    expect(device.gate.refusedVersion()).toBeNull();
    await device.start(bad, { commit: 'bad' });
    expect(device.gate.situation).toBe('trial');
  });

  test('that cannot be tried again because the fleet is not reached says so and stays refused', async () => {
    await updateThatFails();
    await device.start(old, { commit: 'old' });
    device.isFleetReached = false;
    await expect(device.gate.tryAgain()).rejects.toThrow('offline');
    expect(device.gate.refusedVersion()).toBe('1.1.0');
  });

  test('does not let a device that its owner pinned by hand follow its fleet', async () => {
    device.pinned = 'bad';
    await updateThatFails();
    await device.start(old, { commit: 'old' });
    device.fleetCommit = 'newer';
    await device.pass(7_200);
    expect(device.pinned).toBe('old');
    expect(device.gate.lastUpdate()?.action).toContain('by hand');
  });

  test('whose name was never told is known by what the fleet wanted', async () => {
    device.cameras.set('yard', 'gone');
    await device.start(bad);
    await device.pass(310);
    expect(device.stored.refusal).toMatchObject({ release: { commit: 'bad' }, isPinned: true });
  });

  test('without a way to the fleet asks again and again, less and less often', async () => {
    device.isFleetReached = false;
    await updateThatFails();
    expect(device.pinned).toBeNull();
    await device.pass(1_800);
    device.isFleetReached = true;
    await device.pass(610);
    expect(device.pinned).toBe('old');
  });

  test('because the network was away as a whole is kept when all is well before it could be taken back', async () => {
    device.isFleetReached = false;
    for (const id of device.cameras.keys()) device.cameras.set(id, 'gone');
    await device.start(bad, { commit: 'bad' });
    await device.pass(400);
    expect(device.gate.situation).toBe('going-back');
    for (const id of device.cameras.keys()) device.cameras.set(id, 'recording');
    await device.pass(10);
    device.isFleetReached = true;
    await device.pass(1_200);
    expect(device.pinned).toBeNull();
    expect(device.gate.lastUpdate()?.outcome).toBe('worked');
    expect(device.happenings.map(({ kind }) => kind)).toEqual(['update.failed', 'update.worked']);
  });

  test('stays where there is no fleet, and is told', async () => {
    device.hasFleet = false;
    await updateThatFails();
    expect(device.gate.lastUpdate()).toMatchObject({ outcome: 'failed' });
    expect(device.gate.checks()).toMatchObject([{ level: 'warning' }]);
    await device.start(bad);
    expect(device.gate.situation).toBe('steady');
  });
});

describe('an update that does not even start', () => {
  test('because it hangs is taken back', async () => {
    await device.start(bad, { isWhole: false });
    await device.pass(310);
    expect(device.pinned).toBe('old');
  });

  test('because it ends again and again is taken back with its last word', async () => {
    for (let start = 1; start <= 4; start += 1) {
      await device.start(bad, { isWhole: false });
      await device.gate.lastWord();
      expect(device.pinned).toBeNull();
    }
    await device.start(bad, { isWhole: false });
    await device.gate.lastWord();
    expect(device.pinned).toBe('old');
  });

  test('ends for all that when the fleet is not reached', async () => {
    device.isFleetReached = false;
    for (let start = 1; start <= 5; start += 1) await device.start(bad, { isWhole: false });
    const word = device.gate.lastWord();
    await device.pass(70);
    await word;
    expect(device.pinned).toBeNull();
  });
});

describe('a power cut', () => {
  test('after anything that was ever written leaves a device that finds its way, whichever release starts then', async () => {
    await updateThatFails();
    await device.start(old, { commit: 'old' });
    await device.pass(60);
    const moments = [...device.written];
    expect(moments.length).toBeGreaterThanOrEqual(8);
    for (const record of moments) {
      for (const release of [old, bad]) {
        const life = new SimulatedFleet();
        life.restore(structuredClone(record));
        life.bootId = 'boot-2';
        life.fleetCommit = 'bad';
        life.cameras.set('yard', release === bad ? 'gone' : 'recording');
        await life.start(release, { commit: release === old ? 'old' : 'bad' });
        await life.pass(320);
        // The fleet gives what it was asked for.
        if (life.gate.situation === 'going-back') await life.start(old, { commit: 'old' });
        await life.pass(10);
        expect(life.gate.situation).toBe('steady');
        const good = life.stored.good?.version;
        const knewCameras = record.cameras.length > 0 || record.trial !== null || record.refusal !== null;
        if (release === old || knewCameras) expect(good).toBe('1.0.0');
      }
    }
  });

  test('in the middle of a trial begins its five minutes again', async () => {
    device.cameras.set('yard', 'gone');
    await device.start(bad, { commit: 'bad' });
    await device.pass(200);
    device.bootId = 'boot-2';
    await device.start(bad, { commit: 'bad' });
    await device.pass(200);
    expect(device.gate.situation).toBe('trial');
    device.cameras.set('yard', 'recording');
    await device.pass(60);
    expect(device.gate.lastUpdate()?.outcome).toBe('worked');
  });

  test('that takes the record itself leaves a device that takes what runs for good', async () => {
    device.restore(emptyRecord);
    await device.start(bad);
    expect(device.gate.situation).toBe('steady');
  });
});
