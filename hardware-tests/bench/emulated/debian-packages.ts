import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Architecture, ownBoard } from './board.ts';
import { runProgram } from './program.ts';

/** Debian's packages of an architecture, with lists of their own where it is not this machine's: nothing of them is installed. */
export class DebianPackages {
  readonly #options: readonly string[];

  private constructor(options: readonly string[]) {
    this.#options = options;
  }

  /** Lists of another architecture are fetched into `folder`. */
  static async of(architecture: Architecture, folder: string): Promise<DebianPackages> {
    if (architecture === ownBoard.architecture) return new DebianPackages([]);
    const lists = join(folder, 'apt');
    for (const place of ['lists/partial', 'cache/archives/partial']) mkdirSync(join(lists, place), { recursive: true });
    writeFileSync(join(lists, 'status'), '');
    const settings = {
      'APT::Architecture': architecture,
      'APT::Architectures': architecture,
      'Dir::State::lists': join(lists, 'lists'),
      'Dir::State::status': join(lists, 'status'),
      'Dir::Cache': join(lists, 'cache'),
    };
    const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
    await runProgram('apt-get', [...options, 'update', '-q']);
    return new DebianPackages(options);
  }

  /** What the first line of its dependencies names; undefined when there is no such package. */
  async dependency(name: string, pattern: RegExp): Promise<string | undefined> {
    return pattern.exec(await runProgram('apt-cache', [...this.#options, 'depends', name]))?.[1];
  }

  /** Fetches them into `folder`, and unpacks them over `root`. */
  async unpack(names: readonly string[], folder: string, root: string): Promise<void> {
    mkdirSync(folder, { recursive: true });
    await runProgram('apt-get', [...this.#options, 'download', ...names], { cwd: folder });
    for (const archive of readdirSync(folder).filter((name) => name.endsWith('.deb'))) {
      await runProgram('dpkg', ['-x', archive, root], { cwd: folder });
      rmSync(join(folder, archive));
    }
  }
}
