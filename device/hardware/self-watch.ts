import { once } from 'node:events';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { temporaryPathOf } from '#device/kernel/atomic-file.ts';

/** What the watching thread is given. */
interface WatchOrders {
  shared: SharedArrayBuffer;
  /** The watchdog of the machine; null for watching the program alone. */
  devicePath: string | null;
  everyMs: number;
  /** Without a proof for so long the program is ended. */
  limitMs: number;
  /** Ending in order may take so long. */
  endingMs: number;
  wordsFile: string;
  wordsTemporaryFile: string;
  wordsFolder: string;
  words: string;
}

/** Places in the shared memory. */
const slot = { proofs: 0, command: 1, device: 2 } as const;
const command = { stop: 1, end: 2 } as const;
/** How it went with the watchdog of the machine. */
const deviceStates = ['none', 'fed', 'refused'] as const;
export type WatchdogState = (typeof deviceStates)[number];

interface SelfWatchOptions {
  devicePath: string | null;
  wordsFile: string;
  /** What to leave there when the program no longer moves. */
  words: string;
  everyMs: number;
  limitMs: number;
  endingMs: number;
}

/**
 * A thread of its own that feeds the watchdog of the machine while proofs of work arrive, and ends the whole program when none
 * did for too long: a loop that turns no more cannot end itself.
 */
export class SelfWatch {
  readonly #memory = new Int32Array(new SharedArrayBuffer(12));
  readonly #options: SelfWatchOptions;
  #worker: Worker | null = null;

  constructor(options: SelfWatchOptions) {
    this.#options = options;
  }

  start(): void {
    const { wordsFile } = this.#options;
    const workerData: WatchOrders = {
      ...this.#options,
      shared: this.#memory.buffer,
      wordsTemporaryFile: temporaryPathOf(wordsFile),
      wordsFolder: dirname(wordsFile),
    };
    // As text, because the device is built into one file and a thread needs one of its own.
    this.#worker = new Worker(`(${watch.toString()})(require('node:worker_threads').workerData)`, { eval: true, workerData });
    this.#worker.unref();
  }

  get device(): WatchdogState {
    return deviceStates[Atomics.load(this.#memory, slot.device)] ?? 'none';
  }

  /** Work is proven now. */
  prove(): void {
    Atomics.add(this.#memory, slot.proofs, 1);
    Atomics.notify(this.#memory, slot.proofs);
  }

  /** The program ends in order, or is ended after a while; the machine's watchdog is fed no more. */
  ending(): void {
    this.#tell(command.end);
  }

  /** Nothing is watched any more; the machine's watchdog is told that this is meant. */
  async stop(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    if (!worker) return;
    // Waited for, so it may keep the program alive for this moment.
    worker.ref();
    const exited = once(worker, 'exit');
    this.#tell(command.stop);
    await exited;
  }

  #tell(what: number): void {
    Atomics.store(this.#memory, slot.command, what);
    this.prove();
  }
}

/** Runs in the thread, from its text alone: it must name nothing outside of itself. It sleeps in `Atomics.wait`, so it has no loop that could hang. */
function watch(orders: WatchOrders): void {
  const fs = process.getBuiltinModule('node:fs');
  const memory = new Int32Array(orders.shared);
  let device: number | null = null;
  if (orders.devicePath !== null) {
    try {
      // Never made when it is not there: a plain file of that name would be fed in vain for ever.
      device = fs.openSync(orders.devicePath, 'r+');
      Atomics.store(memory, 2, 1);
    } catch {
      Atomics.store(memory, 2, 2);
    }
  }
  const leaveWords = (): void => {
    try {
      const file = fs.openSync(orders.wordsTemporaryFile, 'w', 0o644);
      fs.writeSync(file, orders.words);
      fs.fsyncSync(file);
      fs.closeSync(file);
      fs.renameSync(orders.wordsTemporaryFile, orders.wordsFile);
      const folder = fs.openSync(orders.wordsFolder, 'r');
      fs.fsyncSync(folder);
      fs.closeSync(folder);
    } catch {
      // The disk may be what everything waits for; ending is what counts.
    }
  };
  let seen = 0;
  let silentMs = 0;
  for (;;) {
    Atomics.wait(memory, 0, seen, orders.everyMs);
    const proofs = Atomics.load(memory, 0);
    silentMs = proofs === seen ? silentMs + orders.everyMs : 0;
    seen = proofs;
    const told = Atomics.load(memory, 1);
    if (told === 1) {
      // The letter by which the kernel knows a watchdog's end from a crash.
      if (device !== null) fs.writeSync(device, 'V');
      if (device !== null) fs.closeSync(device);
      return;
    }
    if (silentMs >= (told === 2 ? orders.endingMs : orders.limitMs)) {
      if (told !== 2) leaveWords();
      process.kill(process.pid, 'SIGKILL');
    }
    if (told === 0 && device !== null) {
      try {
        fs.writeSync(device, '\0');
      } catch {
        Atomics.store(memory, 2, 2);
        device = null;
      }
    }
  }
}
