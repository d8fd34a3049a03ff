import { z } from 'zod';
import type { Clock } from '#device/kernel/clock.ts';
import { Failure } from '#device/kernel/failure.ts';
import { ask, type BoundedAnswer } from './bounded-request.ts';

export interface SupervisorAccess {
  address: string;
  apiKey: string;
  appId: number | null;
}

/** What the host says of itself and of what it is about to do. */
export interface HostState {
  /** The release whose containers run; null while it cannot be said for sure. */
  commit: string | null;
  /** 0 to 100 while something is downloaded. */
  progressPercent: number | null;
  /** All of the next release is on the device, waiting to be put in place. */
  isDownloaded: boolean;
  /** Something is being changed. */
  isPending: boolean;
  hasFailed: boolean;
  operatingSystem: string | null;
}

/** The supervisor of balenaOS, over loopback. Every method may throw a Failure in a person's words. */
export interface Supervisor {
  state(): Promise<HostState>;
  lookForUpdate(): Promise<void>;
  reboot(): Promise<void>;
  shutdown(): Promise<void>;
  /** Of this program alone. */
  restart(): Promise<void>;
  /** Lets the board's own light blink, where the host knows which one that is. */
  blink(): Promise<void>;
}

const timeoutMs = 5_000;
/** A restart answers when it is done, or not at all: the one who asks is what is restarted. */
const restartTimeoutMs = 20_000;
const maxBytes = 262_144;

const deviceSchema = z.looseObject({
  commit: z.string().max(200).nullish(),
  status: z.string().max(200).nullish(),
  download_progress: z.number().nullish(),
  os_version: z.string().max(200).nullish(),
  update_pending: z.boolean().nullish(),
  update_downloaded: z.boolean().nullish(),
  update_failed: z.boolean().nullish(),
});
const lockedSchema = z.looseObject({ Error: z.string().max(2000) });

export function createSupervisor(access: SupervisorAccess, clock: Clock): Supervisor {
  const send = (method: 'GET' | 'POST', path: string, body?: object, within = timeoutMs): Promise<BoundedAnswer> =>
    ask(clock, {
      method,
      url: `${access.address}${path}`,
      headers: { authorization: `Bearer ${access.apiKey}` },
      ...(body ? { body } : {}),
      timeoutMs: within,
      maxBytes,
    }).catch((cause: unknown) => {
      const kind = cause instanceof Failure ? cause.kind : 'unavailable';
      throw new Failure(kind, 'The system below does not answer.', { action: 'Wait a minute; restart the device if this stays.', cause });
    });
  const command = async (path: string, body: object, within?: number): Promise<void> => refuse(await send('POST', path, body, within));
  return {
    state: async () => hostStateOf(await send('GET', '/v1/device')),
    lookForUpdate: () => command('/v1/update', { force: false }),
    reboot: () => command('/v1/reboot', { force: false }),
    shutdown: () => command('/v1/shutdown', { force: false }),
    restart: async () => {
      if (access.appId === null) throw new Failure('unavailable', 'The system below did not say which program this is.');
      await command('/v1/restart', { appId: access.appId, force: false }, restartTimeoutMs);
    },
    blink: () => command('/v1/blink', {}),
  };
}

function refuse({ status, text }: BoundedAnswer): void {
  if (status >= 200 && status < 300) return;
  if (status === 423) {
    throw new Failure('conflict', 'Something is being written that must be finished first.', {
      action: 'Try again in half a minute.',
      cause: lockedSchema.safeParse(jsonOf(text)).data?.Error,
    });
  }
  throw unusable(status);
}

function hostStateOf({ status, text }: BoundedAnswer): HostState {
  const found = status === 200 ? deviceSchema.safeParse(jsonOf(text)) : null;
  if (!found?.success) throw unusable(status);
  const device = found.data;
  const progress = device.download_progress ?? null;
  const isPending = device.update_pending === true;
  return {
    // While something changes, the name of the former release is still given to the new one.
    commit: isPending ? null : device.commit || null,
    progressPercent: progress === null ? null : Math.min(100, Math.max(0, Math.round(progress))),
    isDownloaded: device.update_downloaded === true,
    isPending,
    hasFailed: device.update_failed === true,
    operatingSystem: device.os_version || null,
  };
}

function unusable(status: number): Failure {
  if (status === 401 || status === 403) {
    return new Failure('unavailable', 'The system below does not know this program any more.', { action: 'Restart the device.' });
  }
  return new Failure('unavailable', 'The system below gave an answer that cannot be used.', { cause: status });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
