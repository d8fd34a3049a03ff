import type { BalenaSDK } from 'balena-sdk';
import type { Clock } from '#device/kernel/clock.ts';
import { Failure } from '#device/kernel/failure.ts';
import type { ReleaseControl } from './way-back.ts';

export interface FleetAccess {
  apiUrl: string;
  apiKey: string;
  deviceUuid: string;
}

/** What the owner's fleet knows of this device. Methods throw when it is not reached or refuses. */
export interface FleetApi extends ReleaseControl {
  name(): Promise<string>;
  rename(name: string): Promise<void>;
  tags(): Promise<ReadonlyMap<string, string>>;
  setTag(key: string, value: string): Promise<void>;
}

const timeoutMs = 30_000;

/** Loads the library when it is first asked: a device without a fleet never does. Writes nothing to the disk. */
export function createFleetApi(access: FleetAccess, clock: Clock): FleetApi {
  const { deviceUuid } = access;
  let connecting: Promise<BalenaSDK> | null = null;
  const connected = (): Promise<BalenaSDK> => {
    connecting ??= connect(access).catch((error: unknown) => {
      connecting = null;
      throw error;
    });
    return connecting;
  };
  const asked = <T>(ask: (sdk: BalenaSDK) => Promise<T>): Promise<T> => within(clock, connected().then(ask));
  return {
    wanted: () => asked((sdk) => wantedOf(sdk, deviceUuid)),
    wantedByFleet: () =>
      asked(async ({ models }) => {
        const { belongs_to__application: fleet } = await models.device.get(deviceUuid, { $select: 'belongs_to__application' });
        return fleet ? ((await models.application.getTargetReleaseHash(fleet.__id)) ?? null) : null;
      }),
    pin: (commit) => asked(({ models }) => models.device.pinToRelease(deviceUuid, commit)),
    track: () => asked(({ models }) => models.device.trackApplicationRelease(deviceUuid)),
    name: () => asked(async ({ models }) => (await models.device.get(deviceUuid, { $select: 'device_name' })).device_name),
    rename: (name) => asked(({ models }) => models.device.rename(deviceUuid, name)),
    tags: () =>
      asked(async ({ models }) => {
        const tags = await models.device.tags.getAllByDevice(deviceUuid);
        return new Map(tags.map(({ tag_key, value }) => [tag_key, value]));
      }),
    setTag: (key, value) => asked(({ models }) => models.device.tags.set(deviceUuid, key, value)),
  };
}

async function connect({ apiUrl, apiKey }: FleetAccess): Promise<BalenaSDK> {
  const { getSdk } = await import('balena-sdk');
  const sdk = getSdk({ apiUrl, dataDirectory: false });
  await sdk.auth.loginWithToken(apiKey);
  return sdk;
}

async function wantedOf({ models }: BalenaSDK, deviceUuid: string): Promise<{ commit: string | null; isTracking: boolean }> {
  const device = await models.device.get(deviceUuid, {
    $select: 'is_pinned_on__release',
    $expand: { should_be_running__release: { $select: 'commit' } },
  });
  return { commit: device.should_be_running__release[0]?.commit ?? null, isTracking: !device.is_pinned_on__release };
}

async function within<T>(clock: Clock, answer: Promise<T>): Promise<T> {
  const answered = new AbortController();
  const late = clock.sleep(timeoutMs, answered.signal).then(() => {
    throw new Failure('timeout', 'The fleet did not answer in time.');
  });
  // Cancelled when the answer was quicker; then nobody listens any more.
  late.catch(() => {});
  try {
    return await Promise.race([answer, late]);
  } finally {
    answered.abort();
    answer.catch(() => {});
  }
}
