import { concat } from '#device/media/mp4/box.ts';
import { type Disk, type DiskEntry, type DiskFile, nodeDisk } from '#device/recordings/disk.ts';

export interface DiskOperation {
  /** The step's name, e.g. `write`. */
  name: string;
  path: string;
  offset?: number;
  bytes?: Uint8Array;
}

/** A disk whose every step a test can let fail, wait, or be the last before the power goes. Counts and records what changes the medium. */
export class FaultyDisk implements Disk {
  /** Steps that change the medium, as far as they were done. */
  readonly trace: DiskOperation[] = [];
  /** After this many changing steps every step fails: the power is gone. A write that is the last one is torn in the middle. */
  stopAfter = Number.POSITIVE_INFINITY;
  /** Asked before each step; a code it answers is thrown as the operating system would. */
  fault: (operation: DiskOperation) => string | null = () => null;
  /** Awaited before each step that changes the medium. */
  gate: Promise<void> = Promise.resolve();
  freeBytes: number | null = null;
  /** Hears how many bytes each write handed over. */
  written: (bytes: number) => void = () => {};
  readonly #real: Disk = nodeDisk((bytes) => this.written(bytes));

  async create(path: string): Promise<DiskFile> {
    const file = await this.#change({ name: 'create', path }, () => this.#real.create(path));
    return this.#watch(path, file);
  }

  async open(path: string, access: 'read' | 'change'): Promise<DiskFile> {
    this.#mayFail({ name: 'open', path });
    return this.#watch(path, await this.#real.open(path, access));
  }

  async sizeOf(path: string): Promise<number | null> {
    this.#mayFail({ name: 'sizeOf', path });
    return this.#real.sizeOf(path);
  }

  async holds(path: string): Promise<boolean> {
    this.#mayFail({ name: 'holds', path });
    return this.#real.holds(path);
  }

  rename(from: string, to: string): Promise<void> {
    return this.#change({ name: 'rename', path: from }, () => this.#real.rename(from, to));
  }

  unlink(path: string): Promise<void> {
    return this.#change({ name: 'unlink', path }, () => this.#real.unlink(path));
  }

  makeDirectory(path: string): Promise<void> {
    return this.#change({ name: 'makeDirectory', path }, () => this.#real.makeDirectory(path));
  }

  syncDirectory(path: string): Promise<void> {
    return this.#change({ name: 'syncDirectory', path }, () => this.#real.syncDirectory(path));
  }

  async list(path: string): Promise<DiskEntry[]> {
    this.#mayFail({ name: 'list', path });
    return this.#real.list(path);
  }

  async space(path: string): Promise<{ totalBytes: number; freeBytes: number }> {
    const space = await this.#real.space(path);
    return this.freeBytes === null ? space : { totalBytes: 1_000_000_000, freeBytes: this.freeBytes };
  }

  #watch(path: string, file: DiskFile): DiskFile {
    return {
      read: (offset, length) => {
        this.#mayFail({ name: 'read', path });
        return file.read(offset, length);
      },
      write: (offset, ...pieces) => {
        const bytes = concat(pieces);
        const isLast = this.trace.length + 1 === this.stopAfter;
        const written = isLast ? bytes.subarray(0, Math.floor(bytes.length / 2)) : bytes;
        return this.#change({ name: 'write', path, offset, bytes: written }, () => file.write(offset, written));
      },
      truncate: (length) => this.#change({ name: 'truncate', path, offset: length }, () => file.truncate(length)),
      datasync: () => this.#change({ name: 'datasync', path }, () => file.datasync()),
      sync: () => this.#change({ name: 'sync', path }, () => file.sync()),
      sizeBytes: () => file.sizeBytes(),
      // A process that dies closes its files.
      close: () => file.close(),
    };
  }

  async #change<T>(operation: DiskOperation, work: () => Promise<T>): Promise<T> {
    await this.gate;
    this.#mayFail(operation);
    this.trace.push(operation);
    return work();
  }

  #mayFail(operation: DiskOperation): void {
    const code = this.trace.length >= this.stopAfter ? 'EIO' : this.fault(operation);
    if (code !== null) throw Object.assign(new Error(`${code}: ${operation.name} ${operation.path}`), { code });
  }
}
