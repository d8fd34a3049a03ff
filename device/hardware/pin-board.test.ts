import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { InputUse, OutputUse, Pin } from '#device/contract/contract.ts';
import { silentLogger } from '#device/kernel/logger.ts';
import { FakePins } from '#device/testing/fake-pins.ts';
import { SimulatedClock } from '#device/testing/simulated-clock.ts';
import { PinBoard } from './pin-board.ts';

const pir: InputUse = {
  direction: 'input',
  kind: 'pir',
  name: 'Hall sensor',
  activeLow: false,
  debounceMs: 50,
  recordCameraIds: ['front', 'hall'],
  recordMs: 20_000,
};
const door: InputUse = { ...pir, kind: 'door', name: 'Back door', activeLow: true, recordCameraIds: [] };
const siren: OutputUse = {
  direction: 'output',
  kind: 'siren',
  name: 'Siren',
  activeLow: true,
  mode: 'by-hand',
  cameraIds: ['front'],
  pulseMs: 3_000,
};

describe('the pins of the header', () => {
  let clock: SimulatedClock;
  let wires: FakePins;
  let told: string[];
  let recorded: string[];
  let resets: number;
  let pins: Pin[];
  let board: PinBoard;
  let stop: AbortController;
  let running: Promise<void>;

  beforeEach(async () => {
    clock = new SimulatedClock();
    wires = new FakePins();
    told = [];
    recorded = [];
    resets = 0;
    pins = [];
    stop = new AbortController();
    board = new PinBoard({
      clock,
      logger: silentLogger,
      openDriver: async () => wires,
      journal: {
        begin: (key, { kind, cameraId, message }) => told.push(`begin ${key}: ${kind} ${cameraId ?? 'device'}: ${message}`),
        end: (key) => told.push(`end ${key}`),
        record: ({ message }) => told.push(message),
      },
      record: (cameraId, durationMs, happenedBootMs) => recorded.push(`${cameraId} ${durationMs} since ${happenedBootMs}`),
      resetHeld: () => {
        resets += 1;
      },
      changed: (pin) => pins.push(pin),
    });
    running = board.run(stop.signal);
    await clock.advance(10);
  });

  afterEach(async () => {
    stop.abort();
    await running;
  });

  test('a sensor that reports begins an event on each of its cameras and lets them record', async () => {
    await board.apply([{ line: 17, use: pir }]);
    wires.drive(17, true);
    await clock.advance(60);
    expect(told).toEqual([
      'begin pin 17 front: pin.input front: Hall sensor saw movement.',
      'begin pin 17 hall: pin.input hall: Hall sensor saw movement.',
    ]);
    expect(recorded).toEqual(['front 20000 since 10', 'hall 20000 since 10']);
    expect((await board.pin(17)).active).toBe(true);
    wires.drive(17, false);
    await clock.advance(2_600);
    expect(told.slice(2)).toEqual(['end pin 17 front', 'end pin 17 hall']);
    expect(pins.at(-1)).toMatchObject({ line: 17, active: false });
  });

  test('as long as it reports, its cameras go on recording', async () => {
    await board.apply([{ line: 17, use: pir }]);
    wires.drive(17, true);
    await clock.advance(35_000);
    expect(recorded).toHaveLength(8);
    expect(recorded.at(-1)).toBe('hall 20000 since 10');
  });

  test('bouncing is no report, and a wire that flaps is one event', async () => {
    await board.apply([{ line: 17, use: { ...pir, recordCameraIds: [] } }]);
    for (let edge = 0; edge < 40; edge += 1) {
      wires.drive(17, edge % 2 === 0);
      await clock.advance(20);
    }
    expect(told).toEqual([]);
    for (let edge = 0; edge < 40; edge += 1) {
      wires.drive(17, edge % 2 === 0);
      await clock.advance(100);
    }
    expect(new Set(told)).toEqual(new Set(['begin pin 17 : pin.input device: Hall sensor saw movement.']));
  });

  test('a door contact reports when its wire goes low', async () => {
    wires.wires.set(22, true);
    await board.apply([{ line: 22, use: door }]);
    expect((await board.pin(22)).active).toBe(false);
    wires.drive(22, false);
    await clock.advance(60);
    expect(told).toEqual(['begin pin 22 : pin.input device: Back door was opened.']);
  });

  test('a box that was opened while the device was off is told at its start; a door that stands open is not', async () => {
    wires.wires.set(22, false);
    wires.wires.set(25, true);
    await board.apply([
      { line: 22, use: door },
      { line: 25, use: { ...pir, kind: 'tamper', name: 'Case', recordCameraIds: ['hall'] } },
    ]);
    await clock.advance(1_000);
    expect(told).toEqual(['begin pin 25 hall: pin.input hall: Case reports tampering.']);
    expect(recorded).toEqual(['hall 20000 since -40']);
  });

  test('the reset button works when held for ten seconds, once, and never when its wire was down from the start', async () => {
    const reset: InputUse = { ...door, kind: 'reset', name: 'Reset' };
    wires.wires.set(23, false);
    await board.apply([{ line: 23, use: reset }]);
    await clock.advance(20_000);
    expect(resets).toBe(0);
    wires.drive(23, true);
    await clock.advance(100);
    wires.drive(23, false);
    await clock.advance(9_000);
    expect(resets).toBe(0);
    await clock.advance(20_000);
    expect(resets).toBe(1);
    expect(told).toEqual([]);
  });

  test('an output is tested for a second by somebody who is named, whichever level its wire wants', async () => {
    await board.apply([{ line: 18, use: siren }]);
    expect(wires.wires.get(18)).toBe(true);
    await board.test(18, 'owner');
    expect(wires.wires.get(18)).toBe(false);
    await clock.advance(1_010);
    expect(wires.wires.get(18)).toBe(true);
    expect(told).toEqual(['begin pin 18: pin.output device: Siren was switched on for a test by owner.', 'end pin 18']);
  });

  test('an output holds until it is switched off by hand', async () => {
    await board.apply([{ line: 18, use: siren }]);
    await board.switch(18, true, 'owner');
    await clock.advance(300_000);
    expect(wires.wires.get(18)).toBe(false);
    await board.switch(18, false, 'owner');
    expect(wires.wires.get(18)).toBe(true);
  });

  test('an output gives a pulse when motion begins, and another only when it begins again', async () => {
    await board.apply([{ line: 18, use: { ...siren, mode: 'pulse' } }]);
    board.motion('hall', true);
    await clock.advance(10);
    expect(wires.wires.get(18)).toBe(true);
    board.motion('front', true);
    await clock.advance(10);
    expect(wires.wires.get(18)).toBe(false);
    await clock.advance(3_000);
    expect(wires.wires.get(18)).toBe(true);
    board.motion('front', false);
    board.motion('front', true);
    await clock.advance(10);
    expect(wires.wires.get(18)).toBe(false);
  });

  test('a light follows the motion of its camera, and off by hand means off', async () => {
    const light: OutputUse = { ...siren, kind: 'ir-light', name: 'Light', activeLow: false, mode: 'follow' };
    await board.apply([{ line: 24, use: light }]);
    board.motion('front', true);
    await clock.advance(60_000);
    expect(wires.wires.get(24)).toBe(true);
    await board.switch(24, false, 'owner');
    expect(wires.wires.get(24)).toBe(false);
    board.motion('front', false);
    board.motion('front', true);
    await clock.advance(10);
    expect(wires.wires.get(24)).toBe(true);
    board.motion('front', false);
    await clock.advance(10);
    expect(wires.wires.get(24)).toBe(false);
  });

  test('a pin that a bus has is refused with its owner, and so are the two of the firmware', async () => {
    wires.taken.set(2, 'fe804000.i2c');
    await expect(board.check(2)).rejects.toThrow('GPIO2 belongs to fe804000.i2c (I2C data).');
    await expect(board.check(1)).rejects.toThrow('read by the firmware');
    await board.apply([{ line: 2, use: pir }]);
    expect(wires.open.size).toBe(0);
    expect((await board.pin(2)).problem).toMatchObject({ message: 'GPIO2 belongs to fe804000.i2c (I2C data).' });
    expect(board.problems()).toHaveLength(1);
  });

  test('a pin that another program had is taken as soon as it is given back', async () => {
    wires.refusals.set(17, Object.assign(new Error('busy'), { code: 'EBUSY' }));
    await board.apply([{ line: 17, use: pir }]);
    expect((await board.pin(17)).problem?.message).toBe('GPIO17 is taken by the kernel or by another program.');
    wires.refusals.clear();
    await clock.advance(31_000);
    expect(await board.pin(17)).toMatchObject({ problem: null, active: false });
  });

  test('a pin that is lost while it is watched is told and opened anew', async () => {
    await board.apply([{ line: 17, use: pir }]);
    wires.breakWatch(17, new Error('gone'));
    await clock.advance(10);
    expect((await board.pin(17)).problem?.message).toBe('GPIO17 cannot be used.');
    await clock.advance(31_000);
    expect((await board.pin(17)).problem).toBeNull();
  });

  test('an output whose wire cannot be set says so to whoever asked', async () => {
    await board.apply([{ line: 18, use: siren }]);
    wires.refusals.set(18, new Error('I/O error'));
    await expect(board.test(18, 'owner')).rejects.toThrow('GPIO18 cannot be used.');
    await expect(board.switch(17, true, 'owner')).rejects.toThrow('GPIO17 is not set as an output.');
  });

  test('a changed use takes the place of the old one, and the end leaves every output off but held', async () => {
    await board.apply([{ line: 18, use: siren }]);
    await board.switch(18, true, 'owner');
    await board.apply([{ line: 18, use: { ...siren, name: 'Bell' } }]);
    expect(wires.wires.get(18)).toBe(true);
    await board.switch(18, true, 'owner');
    stop.abort();
    await running;
    expect(wires.wires.get(18)).toBe(true);
    expect([...wires.open]).toEqual([18]);
    expect(told.at(-1)).toBe('end pin 18');
  });

  test('a pin that is used no more is given back', async () => {
    await board.apply([{ line: 18, use: siren }]);
    await board.apply([]);
    expect(wires.open.size).toBe(0);
    expect((await board.pin(18)).use).toBeNull();
  });
});

test('when the way to the pins cannot be opened the run ends, for its supervisor to begin anew', async () => {
  const board = new PinBoard({
    clock: new SimulatedClock(),
    logger: silentLogger,
    openDriver: () => Promise.reject(new Error('the native part is missing')),
    journal: { begin: () => {}, end: () => {}, record: () => {} },
    record: () => {},
    resetHeld: () => {},
    changed: () => {},
  });
  await expect(board.run(new AbortController().signal)).rejects.toThrow('native part');
});

test('a machine without pins says so and nothing else', async () => {
  const stop = new AbortController();
  const clock = new SimulatedClock();
  const journal = { begin: () => {}, end: () => {}, record: () => {} };
  const board = new PinBoard({
    clock,
    logger: silentLogger,
    openDriver: async () => null,
    journal,
    record: () => {},
    resetHeld: () => {},
    changed: () => {},
  });
  const running = board.run(stop.signal);
  await board.apply([{ line: 17, use: pir }]);
  expect(await board.facts()).toEqual({ chip: null, through: null, pins: [] });
  await expect(board.check(17)).rejects.toThrow('This machine has no pins');
  expect(board.problems()).toEqual([]);
  stop.abort();
  await running;
});
