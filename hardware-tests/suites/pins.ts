import { setTimeout as pause } from 'node:timers/promises';
import type { InputUse, OutputUse } from '#device/contract/contract.ts';
import type { Bench } from '../bench/bench.ts';
import { type Portal, until } from '../bench/portal.ts';
import { powerOnAndEnter } from './own-device.ts';
import { waitingClip } from './played-clip.ts';
import { must, type Suite } from './suite.ts';

const gate = 'gate';
const line = { door: 17, siren: 18, reset: 27 } as const;
/** Longer than the button must be held. */
const heldMs = 14_000;

const door = (cameraId: string): InputUse => ({
  direction: 'input',
  kind: 'door',
  name: 'Door',
  activeLow: false,
  debounceMs: 20,
  recordCameraIds: [cameraId],
  recordMs: 3_000,
});
const siren = (cameraId: string): OutputUse => ({
  direction: 'output',
  kind: 'siren',
  name: 'Siren',
  activeLow: false,
  mode: 'follow',
  cameraIds: [cameraId],
  pulseMs: 1_000,
});
const reset: InputUse = {
  direction: 'input',
  kind: 'reset',
  name: 'Reset',
  activeLow: false,
  debounceMs: 20,
  recordCameraIds: [],
  recordMs: 1_000,
};

export const pins: Suite = {
  name: 'pins',
  proves: 'a wire makes an event and a recording, motion switches a wire, and a button gives the device back without touching recordings',
  needs: ['wires', 'fresh-volume'],
  async run(bench, { report }) {
    const { portal } = await powerOnAndEnter(bench, { data: 'fresh', environment: waitingClip });
    for (const pin of [line.door, line.reset]) await bench.driveWire(pin, false);
    await until('the pins are found', async () => (await portal.pins()).chip !== null, { withinMs: 60_000 });
    const board = await portal.pins();
    report('pins', `${board.chip}, by ${board.through}`);
    await until('the camera is there', async () => (await portal.cameras()).some(({ id, state }) => id === gate && state === 'online'), {
      withinMs: 120_000,
    });
    await inputRecords(bench, portal, gate, report);
    await motionSwitches(bench, portal, report);
    await buttonResets(bench, portal, report);
    await bench.cutPower();
  },
};

type Report = (what: string, value: string) => void;

async function inputRecords(bench: Bench, portal: Portal, cameraId: string, report: Report): Promise<void> {
  await portal.usePin(line.door, door(cameraId));
  const writing = async () => (await portal.recordings()).some((one) => one.cameraId === cameraId && one.state === 'writing');
  must(!(await writing()), 'it records before anything happened');
  await bench.driveWire(line.door, true);
  const told = await until('the door is told', async () => (await portal.events('pin.input')).length > 0, { withinMs: 30_000 });
  report('from wire to event, as the portal tells it', `${told.toFixed(1)} s`);
  const recorded = await until('it is recorded', writing, { withinMs: 30_000 });
  report('from event to recording', `${recorded.toFixed(1)} s`);
  await bench.driveWire(line.door, false);
  await until('the recording ends', async () => !(await writing()), { withinMs: 60_000 });
  const [event] = await portal.events('pin.input');
  must(event?.message?.includes('Door') === true, `the event says ${event?.message}`);
  await until('the event ends', async () => (await portal.events('pin.input'))[0]?.end !== null, { withinMs: 30_000 });
}

async function motionSwitches(bench: Bench, portal: Portal, report: Report): Promise<void> {
  const yard = await portal.addCamera({
    name: 'Yard',
    source: { kind: 'file', url: '/bench/crossing.mp4', loop: true },
    recording: { mode: 'off' },
  });
  await portal.usePin(line.siren, siren(yard.id));
  const moving = async () => (await portal.events('motion')).some(({ cameraId, end }) => cameraId === yard.id && end === null);
  await until('something moves', moving, { withinMs: 180_000 });
  const switched = await until('the siren is on', () => bench.isWireHigh(line.siren), { withinMs: 10_000 });
  report('from motion, as the portal tells it, to the wire', `${switched.toFixed(1)} s`);
  await until('it stands still', async () => !(await moving()), { withinMs: 120_000 });
  const off = await until('the siren is off', async () => !(await bench.isWireHigh(line.siren)), { withinMs: 10_000 });
  report('from stillness to the wire', `${off.toFixed(1)} s`);
}

async function buttonResets(bench: Bench, portal: Portal, report: Report): Promise<void> {
  const kept = (await portal.recordings()).length;
  must(kept > 0, 'there is no recording that could be kept');
  await portal.usePin(line.reset, reset);
  await until(
    'the button is looked at',
    async () => (await portal.pins()).pins.some((pin) => pin.line === line.reset && pin.active === false),
    {
      withinMs: 30_000,
    },
  );
  await bench.driveWire(line.reset, true);
  await pause(3_000);
  must((await portal.state())?.claimed === true, 'a button that was merely pressed gives the device away');
  const released = await until('the device has no owner', async () => (await portal.state())?.claimed === false, {
    withinMs: heldMs + 30_000,
  });
  report('from pressed to without an owner', `${(released + 3).toFixed(1)} s`);
  await bench.driveWire(line.reset, false);
  await portal.enter();
  must((await portal.recordings()).length >= kept, 'recordings are gone');
  must((await portal.events('access.reset')).length === 1, 'the reset is not told');
}
