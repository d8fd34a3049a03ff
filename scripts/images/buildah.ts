import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from './program.ts';

/** Images and containers without a daemon, in a store of the project's own that can be deleted with `build/`. */
export class Buildah {
  readonly #store: readonly string[];

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    this.#store = ['--root', join(folder, 'store'), '--runroot', join(folder, 'run'), '--storage-driver', 'overlay'];
  }

  async run(...args: string[]): Promise<string> {
    const text = await runProgram('buildah', [...this.#store, ...args]);
    return text.trim();
  }

  async show(...args: string[]): Promise<void> {
    await runProgram('buildah', [...this.#store, ...args], { show: true });
  }

  async has(image: string): Promise<boolean> {
    return this.run('inspect', '--type', 'image', image).then(
      () => true,
      () => false,
    );
  }

  /** Gives the file system of an image, or of nothing (`scratch`), to `use`, and takes it back. */
  async mounted<T>(image: string, use: (folder: string, container: string) => Promise<T>): Promise<T> {
    const container = await this.run('from', '--pull-never', image);
    try {
      return await use(await this.run('mount', container), container);
    } finally {
      await this.run('rm', container);
    }
  }
}
