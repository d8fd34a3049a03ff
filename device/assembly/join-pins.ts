import type { PinsPort } from '#device/api/ports.ts';
import { openGpiodDriver } from '#device/hardware/gpiod-driver.ts';
import type { KernelTree } from '#device/hardware/kernel-tree.ts';
import { openOnoffDriver } from '#device/hardware/onoff-driver.ts';
import { PinBoard } from '#device/hardware/pin-board.ts';
import type { JournalPort } from '#device/hardware/ports.ts';
import type { HealthSource } from '#device/health/health.ts';
import type { Clock } from '#device/kernel/clock.ts';
import type { Logger } from '#device/kernel/logger.ts';
import { MovingCameras } from './moving-cameras.ts';
import type { OwnerStream } from './owner-stream.ts';
import type { Rooms } from './rooms.ts';

interface PinOptions {
  clock: Clock;
  logger: Logger;
  rooms: Pick<Rooms, 'journal' | 'settings'>;
  stream: OwnerStream;
  tree: KernelTree;
  hardwareJournal: JournalPort;
  /** May throw a Failure when the camera has nothing to record. */
  record(cameraId: string, durationMs: number, happenedBootMs: number): void;
  resetHeld(): void;
}

export interface JoinedPins {
  pins: PinsPort;
  health: HealthSource;
  run(signal: AbortSignal): Promise<void>;
}

/** The pins with what they follow and what follows from them. */
export function joinPins(options: PinOptions): JoinedPins {
  const { clock, logger, rooms, stream, tree } = options;
  const board = new PinBoard({
    clock,
    logger,
    journal: options.hardwareJournal,
    openDriver: async () => (await openOnoffDriver(tree)) ?? (await openGpiodDriver(clock)),
    record: (cameraId, durationMs, happenedBootMs) => {
      try {
        options.record(cameraId, durationMs, happenedBootMs);
      } catch (error) {
        logger.warn({ camera: cameraId, err: error }, 'a sensor reported, but its camera cannot record now');
      }
    },
    resetHeld: () => options.resetHeld(),
    changed: (pin) => stream.tell({ type: 'pin', pin }),
  });
  return { pins: pinsPort(board, rooms.settings), health: pinHealth(board), run: (signal) => runBoard(board, rooms, signal) };
}

async function runBoard(board: PinBoard, { journal, settings }: PinOptions['rooms'], signal: AbortSignal): Promise<void> {
  const moving = new MovingCameras((cameraId, isMoving) => board.motion(cameraId, isMoving));
  const stopFollowing = [
    settings.onChange(({ before, after }) => {
      if (before.device.hardware.pins !== after.device.hardware.pins) void board.apply(after.device.hardware.pins);
    }),
    journal.onChange((change) => moving.take(change)),
  ];
  try {
    const running = board.run(signal);
    await Promise.all([running, board.apply(settings.get().hardware.pins)]);
  } finally {
    for (const stop of stopFollowing) stop();
  }
}

function pinsPort(board: PinBoard, settings: Rooms['settings']): PinsPort {
  const others = (line: number) => settings.get().hardware.pins.filter((pin) => pin.line !== line);
  return {
    facts: () => board.facts(),
    assign: async (line, use) => {
      await board.check(line);
      const pins = [...others(line), { line, use }];
      await settings.change({ hardware: { pins } });
      await board.apply(settings.get().hardware.pins);
      return board.pin(line);
    },
    clear: async (line) => {
      await settings.change({ hardware: { pins: others(line) } });
      await board.apply(settings.get().hardware.pins);
    },
    test: async (line, who) => {
      await board.test(line, who);
      return board.pin(line);
    },
    switch: async (line, on, who) => {
      await board.switch(line, on, who);
      return board.pin(line);
    },
  };
}

/** Only what does not work: a machine without pins is in order. */
function pinHealth(board: PinBoard): HealthSource {
  return {
    name: 'pins',
    checks: () =>
      board.problems().map(({ line, failure }) => ({
        id: `pins.gpio${line}`,
        level: 'warning',
        message: failure.message,
        action: failure.action ?? 'Look at the page of the pins.',
      })),
  };
}
