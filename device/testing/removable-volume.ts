import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A small disk of its own in memory that can be filled, made read-only, pulled out and put back. Needs the right to mount. */
export class RemovableVolume {
  readonly #medium: string;
  readonly #place: string;
  #isPluggedIn = false;

  private constructor(medium: string, place: string) {
    this.#medium = medium;
    this.#place = place;
  }

  /** Whether this process may mount at all. */
  static async isPossible(): Promise<boolean> {
    const place = await mkdtemp(join(tmpdir(), 'mount-'));
    try {
      await run('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', place]);
      await run('umount', [place]);
      return true;
    } catch {
      return false;
    } finally {
      await rm(place, { recursive: true });
    }
  }

  /** At `place`, which is made; its content lives on elsewhere while it is pulled out. */
  static async plugIn(place: string, sizeBytes: number): Promise<RemovableVolume> {
    const medium = await mkdtemp(join(tmpdir(), 'medium-'));
    await mkdir(place, { recursive: true });
    await run('mount', ['-t', 'tmpfs', '-o', `size=${sizeBytes}`, 'tmpfs', medium]);
    const volume = new RemovableVolume(medium, place);
    await volume.putBack();
    return volume;
  }

  async putBack(): Promise<void> {
    await run('mount', ['--bind', this.#medium, this.#place]);
    this.#isPluggedIn = true;
  }

  /** What is open stays open, as with a disk that is still spinning; no name leads to it any more. */
  async pullOut(): Promise<void> {
    await run('umount', ['--lazy', this.#place]);
    this.#isPluggedIn = false;
  }

  /** Refused by the kernel while a file on it is open for writing. */
  async setReadOnly(isReadOnly: boolean): Promise<void> {
    await run('mount', ['-o', `remount,bind,${isReadOnly ? 'ro' : 'rw'}`, this.#place]);
  }

  /** Until not one more byte goes in. */
  async fill(): Promise<void> {
    const file = await open(join(this.#medium, 'filler'), 'a');
    try {
      for (let bytes = 1_048_576; bytes >= 1; ) {
        const { bytesWritten } = await file.write(Buffer.alloc(bytes)).catch(() => ({ bytesWritten: 0 }));
        if (bytesWritten === 0) bytes = Math.floor(bytes / 2);
      }
    } finally {
      await file.close();
    }
  }

  async makeRoom(): Promise<void> {
    await rm(join(this.#medium, 'filler'), { force: true });
  }

  async remove(): Promise<void> {
    if (this.#isPluggedIn) await this.pullOut();
    await run('umount', ['--lazy', this.#medium]);
    await rm(this.#medium, { recursive: true, force: true });
  }
}
