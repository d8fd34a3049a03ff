/** A computer that QEMU plays by translation. */
export interface Board {
  /** As Debian calls it. */
  architecture: Architecture;
  emulator: string;
  /** The arguments that make it this one. */
  machine: readonly string[];
  /** The kernel's name for the serial line. */
  serial: string;
  description: string;
}

export type Architecture = 'amd64' | 'arm64';

const cores = 2;
const translated = ['-accel', 'tcg,thread=multi', '-smp', String(cores)];

/** The one for arm64 has the cores of a Pi 3 and a Pi Zero 2 W: what is built for newer ones ends there. */
export const boards: Readonly<Record<Architecture, Board>> = {
  amd64: {
    architecture: 'amd64',
    emulator: 'qemu-system-x86_64',
    machine: ['-machine', 'q35', '-cpu', 'max', ...translated],
    serial: 'ttyS0',
    description: `QEMU q35 with ${cores} translated x86-64 cores`,
  },
  arm64: {
    architecture: 'arm64',
    emulator: 'qemu-system-aarch64',
    machine: ['-machine', 'virt,gic-version=2', '-cpu', 'cortex-a53', ...translated],
    serial: 'ttyAMA0',
    description: `QEMU virt with ${cores} translated Cortex-A53 cores`,
  },
};

/** The board of this machine's own architecture. */
export const ownBoard: Board = process.arch === 'arm64' ? boards.arm64 : boards.amd64;
