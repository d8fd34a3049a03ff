import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeDirectory, writeFileAtomically } from '#device/kernel/atomic-file.ts';
import { Failure } from '#device/kernel/failure.ts';

const pictureMaxBytes = 2_097_152;
const fileName = /^([0-9a-f-]{36})\.jpg$/;

/** The pictures of events: one JPEG each, named by the event's random id. Which of them count is the journal's to say. */
export class EventPictures {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Whole or not at all. Throws `invalid-input` for what is no JPEG or too large. */
  async write(id: string, jpeg: Uint8Array): Promise<void> {
    if (jpeg.length > pictureMaxBytes || jpeg[0] !== 0xff || jpeg[1] !== 0xd8) {
      throw new Failure('invalid-input', 'The picture of an event must be a JPEG of at most 2 MiB.');
    }
    await makeDirectory(this.#directory);
    await writeFileAtomically(this.#pathOf(id), jpeg);
  }

  async read(id: string): Promise<Uint8Array | null> {
    try {
      return await readFile(this.#pathOf(id));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  }

  async remove(id: string): Promise<void> {
    await rm(this.#pathOf(id), { force: true });
  }

  /** The ids of all pictures on disk. */
  async list(): Promise<string[]> {
    const names = await readdir(this.#directory).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    return names.flatMap((name) => fileName.exec(name)?.[1] ?? []);
  }

  #pathOf(id: string): string {
    const name = `${id}.jpg`;
    // Ids come from the index, never from a request; a damaged index must not name other files.
    if (!fileName.test(name)) throw new Failure('not-found', 'This event has no picture.');
    return join(this.#directory, name);
  }
}
