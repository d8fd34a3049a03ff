import { watch } from 'node:fs/promises';
import type { UsbDevice } from '#device/contract/contract.ts';
import type { Clock } from '#device/kernel/clock.ts';
import type { Logger } from '#device/kernel/logger.ts';
import { matchNode } from './usb-identity.ts';
import type { VideoNode } from './video-nodes.ts';

/** A camera that the owner added, as far as the watch must know it. */
export interface WatchedCamera {
  id: string;
  device: UsbDevice;
  isOnline: boolean;
}

interface UsbWatchDeps {
  clock: Clock;
  logger: Logger;
  /** Asks the kernel; opens nothing. */
  nodes(): Promise<VideoNode[]>;
  cameras(): readonly WatchedCamera[];
  /** Opens the camera now, without waiting for its next attempt. */
  openNow(cameraId: string): Promise<void>;
  /** Resolves when something changed in /dev, or when the signal is aborted; rejects when it cannot be watched. */
  changed(signal: AbortSignal): Promise<void>;
}

/** Looked at again this often even when nothing was told: a container may see no changes of /dev. */
const pollMs = 3_000;
/** The node comes before udev has given it its rights. */
const settleMs = 300;

/** Notices that a camera was plugged in, and lets it go on at once. That one was unplugged is noticed by its own session. */
export class UsbWatch {
  readonly #deps: UsbWatchDeps;
  /** Camera id and node of those that were there when it was looked last. */
  #present: ReadonlySet<string> | null = null;

  constructor(deps: UsbWatchDeps) {
    this.#deps = deps;
  }

  async run(signal: AbortSignal): Promise<void> {
    let canWatch = true;
    while (!signal.aborted) {
      await this.#look();
      const round = new AbortController();
      const either = AbortSignal.any([signal, round.signal]);
      const pause = this.#deps.clock.sleep(pollMs, either).catch(() => {});
      const told = this.#deps.changed(either).then(
        () => true,
        () => {
          canWatch = false;
          return pause.then(() => false);
        },
      );
      const wasTold = await Promise.race(canWatch ? [pause.then(() => false), told] : [pause.then(() => false)]);
      round.abort();
      if (wasTold && !signal.aborted) await this.#deps.clock.sleep(settleMs, signal).catch(() => {});
    }
  }

  async #look(): Promise<void> {
    const nodes = await this.#deps.nodes();
    const cameras = this.#deps.cameras();
    const present = new Set<string>();
    const before = this.#present;
    for (const { id, device, isOnline } of cameras) {
      const node = matchNode(device, nodes);
      if (node === null) continue;
      const key = `${id} ${node.path}`;
      present.add(key);
      if (before !== null && !before.has(key) && !isOnline) await this.#open(id);
    }
    this.#present = present;
  }

  async #open(id: string): Promise<void> {
    try {
      this.#deps.logger.info({ camera: id }, 'the USB camera is plugged in again');
      await this.#deps.openNow(id);
    } catch (error) {
      // It may have been removed at this very moment.
      this.#deps.logger.warn({ camera: id, err: error }, 'a camera that was plugged in could not be opened at once');
    }
  }
}

/** Resolves at the first change of a `video*` entry of the folder. */
export async function devChanged(folder: string, signal: AbortSignal): Promise<void> {
  try {
    for await (const { filename } of watch(folder, { signal })) {
      if (filename === null || filename.startsWith('video')) return;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
