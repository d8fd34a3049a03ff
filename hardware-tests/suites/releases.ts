import { z } from 'zod';
import type { UpdateStatus } from '#device/contract/contract.ts';
import { deviceKey, deviceUuid, type FakeFleet, fakeFleet } from '#device/testing/fake-fleet.ts';
import { type FakeSupervisor, fakeSupervisor, supervisorKey } from '#device/testing/fake-supervisor.ts';
import type { Bench, TestRelease } from '../bench/bench.ts';
import { Portal, until } from '../bench/portal.ts';
import { playedClip } from './played-clip.ts';
import { must, mustBeSound, type Suite } from './suite.ts';

/** Releases of the fleet: how each is called there, and what it is. */
const releases = {
  first: { id: 41, release: { version: '0.1.0' } },
  better: { id: 42, release: { version: '0.1.1' } },
  bad: { id: 43, release: { version: '0.1.2', breaks: 'cameras' } },
} as const satisfies Record<string, { id: number; release: TestRelease }>;
/** Of what the device keeps about its releases: the cameras that recorded under the good one. */
const recordSchema = z.object({ cameras: z.array(z.string()) });
type Name = keyof typeof releases;

/** After it runs for so long a release knows which cameras it records. */
const settlingMs = 420_000;

export const releasesSuite: Suite = {
  name: 'updates',
  proves: 'a release that records is taken for good; one that does not is taken back by the device itself, and its owner is told why',
  needs: ['releases', 'fresh-volume'],
  async run(bench, { report }) {
    const [fleet, host] = await Promise.all([fakeFleet(), fakeSupervisor()]);
    try {
      for (const [name, { id }] of Object.entries(releases)) fleet.releases.set(name, id);
      const box = new Box(bench, fleet, host);
      await box.begin();
      await goodUpdate(box, report);
      await badUpdate(box, report);
      await mustBeSound(bench);
      await bench.cutPower();
    } finally {
      await Promise.all([fleet.close(), host.close()]);
    }
  },
};

/** A device of a fleet that the bench plays: who installs what the fleet wants is the host, and that is this. */
class Box {
  readonly portal: Portal;
  readonly #bench: Bench;
  readonly #fleet: FakeFleet;
  readonly #host: FakeSupervisor;

  constructor(bench: Bench, fleet: FakeFleet, host: FakeSupervisor) {
    this.#bench = bench;
    this.#fleet = fleet;
    this.#host = host;
    this.portal = new Portal(bench);
  }

  async begin(): Promise<void> {
    const [fleet, host] = [new URL(this.#fleet.url).port, new URL(this.#host.url).port];
    this.#run('first');
    await this.#bench.powerOn({
      data: 'fresh',
      release: releases.first.release,
      reachablePorts: [Number(fleet), Number(host)],
      environment: {
        ...playedClip,
        BALENA_SUPERVISOR_ADDRESS: `http://${this.#bench.address}:${host}`,
        BALENA_SUPERVISOR_API_KEY: supervisorKey,
        BALENA_APP_ID: '7',
        BALENA_APP_LOCK_PATH: '/run/updates.lock',
        BALENA_API_URL: `http://${this.#bench.address}:${fleet}`,
        BALENA_API_KEY: deviceKey,
        BALENA_DEVICE_UUID: deviceUuid,
      },
    });
    await this.answers();
    await this.portal.enter();
    await until('the host is reached', async () => (await this.portal.update()).release === 'first', { withinMs: 120_000 });
    await until('it is known which cameras record', () => this.knowsCameras(), { withinMs: settlingMs });
  }

  async answers(): Promise<number> {
    return until('the portal answers', () => this.portal.answers(), { withinMs: 300_000 });
  }

  async install(name: Name): Promise<void> {
    this.#run(name);
    await this.#bench.install(releases[name].release);
    await this.answers();
  }

  async status(): Promise<UpdateStatus> {
    return this.portal.update();
  }

  /** The fleet has been told that this device is to run this release and no other. */
  isPinnedTo(name: Name): boolean {
    return this.#fleet.device.is_pinned_on__release === releases[name].id;
  }

  async knowsCameras(): Promise<boolean> {
    const record: unknown = JSON.parse((await this.#bench.run('cat', '/data/release.json')).output);
    return recordSchema.parse(record).cameras.includes('gate');
  }

  want(name: Name): void {
    this.#fleet.wanted = name;
  }

  #run(name: Name): void {
    this.#host.device['commit'] = name;
    if (this.#fleet.wanted === '') this.#fleet.wanted = name;
  }
}

type Report = (what: string, value: string) => void;

async function goodUpdate(box: Box, report: Report): Promise<void> {
  box.want('better');
  const sinceMs = performance.now();
  await box.install('better');
  const seconds = await until('the update has worked', async () => (await box.status()).lastUpdate?.outcome === 'worked', {
    withinMs: 420_000,
    sinceMs,
  });
  const { version, lastUpdate } = await box.status();
  must(version === releases.better.release.version, `it is ${version} that runs`);
  report('a good release, from the old one’s end to the verdict', `${seconds.toFixed(0)} s: ${lastUpdate?.message}`);
  await until('the journal says so', async () => (await box.portal.events('update.worked')).length === 1, { withinMs: 30_000 });
}

async function badUpdate(box: Box, report: Report): Promise<void> {
  box.want('bad');
  const sinceMs = performance.now();
  await box.install('bad');
  await until('the bad release is on trial', async () => (await box.status()).lastUpdate?.outcome === 'on-trial', { withinMs: 60_000 });
  const seconds = await until('the device asks for the release before', async () => box.isPinnedTo('better'), {
    withinMs: 600_000,
    sinceMs,
  });
  report('a bad release, from the old one’s end to asking for it again', `${seconds.toFixed(0)} s`);
  await box.install('better');
  await until('it is known that it was taken back', async () => (await box.status()).lastUpdate?.outcome === 'rolled-back', {
    withinMs: 60_000,
  });
  const { lastUpdate, refusedVersion, version } = await box.status();
  must(version === releases.better.release.version && lastUpdate !== null, `it is ${version} that runs`);
  must(refusedVersion === releases.bad.release.version, 'the bad release is not refused');
  report('what the owner is told', lastUpdate.message);
  await until('the journal says so', async () => (await box.portal.events('update.rolled-back')).length === 1, { withinMs: 30_000 });
  const writing = async () => (await box.portal.recordings()).some(({ state, durationMs }) => state === 'writing' && durationMs > 0);
  await until('it records again', writing, { withinMs: 180_000 });
}
