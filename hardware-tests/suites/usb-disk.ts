import { setTimeout as pause } from 'node:timers/promises';
import type { Recording } from '#device/contract/contract.ts';
import type { Bench } from '../bench/bench.ts';
import { type Portal, until } from '../bench/portal.ts';
import { budgetMs, endOf, type Interruption, interrupt, lostMs, seconds, startedAtMs } from './interrupted-recording.ts';
import { powerOnAndEnter } from './own-device.ts';
import { playedClip } from './played-clip.ts';
import { must, mustBeSound, type Suite } from './suite.ts';

const awayWords = 'The disk with the recordings is not there';
/** For so long it is looked at what a device without its disk does. */
const awayMs = 20_000;

export const usbDisk: Suite = {
  name: 'USB stick pulled while recording',
  proves:
    'recordings are kept on the owner’s stick; pulled, that is told, the rest goes on and nothing is written to the card instead; plugged in again, it records by itself',
  needs: ['usb-disk', 'fresh-volume', 'power-cut'],
  async run(bench, { report }) {
    const { portal } = await powerOnAndEnter(bench, { data: 'fresh', usbDisk: 'plugged in', environment: playedClip });
    await until('it records on the card', async () => (await portal.recordings()).some(({ durationMs }) => durationMs > 0), {
      withinMs: 300_000,
    });
    const owner = new Owner(bench, portal, report);
    const volume = await owner.movesToStick();
    const first = await owner.recordsOn(volume, await startedAtMs(portal));
    report('from the portal to recorded on it', `${first.toFixed(1)} s`);
    const onCard = await filesOnCard(bench);

    const pull = await interrupt(portal, () => bench.plugDisk(false));
    await owner.isToldOfPull();
    await owner.goesOnWithout(onCard);
    const pluggedMs = Date.parse((await portal.system()).time);
    await bench.plugDisk(true);
    const again = await owner.recordsOn(volume, pluggedMs);
    report('from plugged in to recorded again', `${again.toFixed(1)} s`);
    await owner.hasLostLittle(pull, 'the pull');
    await nothingNew(bench, onCard);

    const cut = await interrupt(portal, () => bench.cutPower());
    const started = await powerOnAndEnter(bench, { data: 'kept', usbDisk: 'plugged in', environment: playedClip });
    const after = await owner.recordsOn(volume, await startedAtMs(portal));
    report('from power to recorded on it', `${(started.seconds + after).toFixed(1)} s`);
    await owner.hasLostLittle(cut, 'the cut');
    await bench.cutPower();

    const without = await powerOnAndEnter(bench, { data: 'kept', usbDisk: 'pulled', environment: playedClip });
    report('from power to portal without it', `${without.seconds.toFixed(1)} s`);
    await until('health tells', async () => (await owner.complaint()) !== undefined, { withinMs: 60_000 });
    await owner.goesOnWithout(onCard);
    const lateMs = Date.parse((await portal.system()).time);
    await bench.plugDisk(true);
    const late = await owner.recordsOn(volume, lateMs);
    report('from plugged in to recorded, started without it', `${late.toFixed(1)} s`);
    await mustBeSound(bench);
    await nothingNew(bench, onCard);
    await bench.cutPower();
  },
};

/** What somebody does with a stick of their own, and sees of it. */
class Owner {
  readonly #bench: Bench;
  readonly #portal: Portal;
  readonly #report: (what: string, value: string) => void;

  constructor(bench: Bench, portal: Portal, report: (what: string, value: string) => void) {
    this.#bench = bench;
    this.#portal = portal;
    this.#report = report;
  }

  /** Answers the id of the volume that it made. */
  async movesToStick(): Promise<string> {
    const portal = this.#portal;
    await until('the stick is listed', async () => (await portal.recordingPlace()).disks.length > 0, { withinMs: 60_000 });
    const { disks, unavailable, volumeId: before } = await portal.recordingPlace();
    must(unavailable === null && before === null, `no disk can be chosen: ${unavailable ?? before}`);
    const [stick] = disks;
    must(stick !== undefined && disks.length === 1, `what is offered is not the stick alone: ${disks.map(({ name }) => name).join(', ')}`);
    must(stick.volumeId === null && stick.content === null, `an empty stick holds ${stick.content ?? stick.volumeId}`);
    const erasingMs = performance.now();
    const { volumeId } = await portal.eraseDisk(stick.id);
    must(volumeId !== null, 'an erased stick cannot be chosen');
    this.#report('the stick erased', `${seconds(performance.now() - erasingMs)} for ${(stick.sizeBytes / 1e9).toFixed(1)} GB`);
    const askedMs = Date.parse((await portal.system()).time);
    await portal.chooseDisk(volumeId);
    const isThere = async () => {
      const place = await portal.recordingPlace();
      return (await startedAtMs(portal)) > askedMs && place.volumeId === volumeId && place.isThere;
    };
    const anew = await until('the device started anew with the stick', isThere, { withinMs: 300_000 });
    this.#report('from choosing it to the portal', `${anew.toFixed(1)} s`);
    return volumeId;
  }

  /** Waits until there is video of after this time, in a file on the stick. Answers how many seconds that took. */
  async recordsOn(volumeId: string, sinceBoxMs: number): Promise<number> {
    const place = placeOf(volumeId);
    let newest: Recording | undefined;
    const isRecorded = async () => {
      newest = (await this.#portal.recordings()).find((recording) => recording.durationMs > 0 && endOf(recording) > sinceBoxMs);
      return newest !== undefined;
    };
    const took = await until('it records', isRecorded, { withinMs: 300_000 });
    const { output } = await this.#bench.run(
      'find',
      place,
      '-name',
      `*-${newest?.id}.mp4`,
      '-size',
      '+0',
      '-exec',
      'stat',
      '-c',
      '%m',
      '{}',
      '+',
    );
    must(output.trim() === place, `recording ${newest?.id} is not on the stick: ${output}`);
    return took;
  }

  /** What health says against the recordings. */
  async complaint(): Promise<string | undefined> {
    const { checks } = await this.#portal.health();
    return checks.find(({ id, level, message }) => id === 'recordings.writing' && level === 'failed' && message.includes(awayWords))
      ?.message;
  }

  async isToldOfPull(): Promise<void> {
    const sinceMs = performance.now();
    const told = await until('health tells', async () => (await this.complaint()) !== undefined, { withinMs: 60_000, sinceMs });
    this.#report('from pulled to health', `${told.toFixed(1)} s: ${await this.complaint()}`);
    const isEvent = async () => (await this.#portal.events('storage.alarm')).some(({ message }) => message?.includes(awayWords));
    const event = await until('it is an event', isEvent, { withinMs: 60_000, sinceMs });
    this.#report('from pulled to event', `${event.toFixed(1)} s`);
  }

  async goesOnWithout(onCard: string): Promise<void> {
    const portal = this.#portal;
    await until('the place is told to be away', async () => !(await portal.recordingPlace()).isThere, { withinMs: 60_000 });
    await pause(awayMs);
    must(await portal.answers(), 'the portal is gone with the stick');
    await until('the camera is online', async () => (await portal.cameras())[0]?.state === 'online', { withinMs: 60_000 });
    await until('health still tells', async () => (await this.complaint()) !== undefined, { withinMs: 60_000 });
    await nothingNew(this.#bench, onCard);
  }

  async hasLostLittle(interruption: Interruption, by: string): Promise<void> {
    const lossMs = lostMs(await this.#portal.recordings(), interruption);
    this.#report(`video lost by ${by}`, `${seconds(lossMs)} of at most ${seconds(budgetMs)}`);
    await mustBeSound(this.#bench);
  }
}

/** Where the device shows itself the stick. */
function placeOf(volumeId: string): string {
  return `/data/disks/${volumeId}`;
}

/** All that could be a recording on the data volume itself: what is mounted is left out, what lies where the stick is missing is not. */
async function filesOnCard(bench: Bench): Promise<string> {
  const { status, output } = await bench.run('find', '/data/recordings', '/data/disks', '-xdev', '-type', 'f', '-printf', '%p %s\n');
  must(status === 0, `nobody can look at the card: ${output}`);
  return output.split('\n').toSorted().join('\n').trim();
}

async function nothingNew(bench: Bench, onCard: string): Promise<void> {
  const now = await filesOnCard(bench);
  must(now === onCard, `what is on the card changed from\n${onCard}\nto\n${now}`);
}
