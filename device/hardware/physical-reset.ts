import { createHash } from 'node:crypto';
import { readFile, rm, stat } from 'node:fs/promises';
import { Failure } from '#device/kernel/failure.ts';
import type { Logger } from '#device/kernel/logger.ts';
import type { KeptText } from './kept-text.ts';
import type { JournalPort } from './ports.ts';

/** Where the boot partition of the card may be found; a person puts the file there with any computer. */
export const usualResetFiles: readonly string[] = ['/mnt/boot/kerberos-reset', '/boot/firmware/kerberos-reset', '/boot/kerberos-reset'];

/** A password and a line break fit into it easily. */
const longestFile = 4_096;

/** Who may get in, for somebody who stands before the device. */
export interface AccessPort {
  /** Gives the one owner this password; answers the owner's name. Throws a Failure that says what is wrong with it. */
  setPassword(password: string): Promise<string>;
  /** The next visitor from its own network becomes the owner. */
  release(): Promise<void>;
}

export interface PhysicalResetDeps {
  access: AccessPort;
  journal: JournalPort;
  logger: Logger;
  files: readonly string[];
  /** Rejects on a boot partition that may only be read. */
  remove?(file: string): Promise<void>;
  /** Which file was seen to already: the boot partition may not be writable for us, and it counts once. */
  memory: KeptText;
}

/** The way back in without a keyboard: a button held down, or a file on the boot partition. Recordings are never touched. */
export class PhysicalReset {
  readonly #deps: PhysicalResetDeps;

  constructor(deps: PhysicalResetDeps) {
    this.#deps = deps;
  }

  /** The button was held. */
  async released(): Promise<void> {
    const { access, journal, logger } = this.#deps;
    await access.release();
    logger.warn({}, 'the reset button was held: the device can be claimed anew');
    journal.record({
      kind: 'access.reset',
      cameraId: null,
      message:
        'The reset button was held. Users, logins and tokens are gone; whoever visits next from this network is the owner. Recordings stay.',
    });
  }

  /** At the start: the first file found is done and removed. Never rejects. */
  async lookForFile(): Promise<void> {
    for (const file of this.#deps.files) {
      const found = await readSmall(file);
      if (found === null) continue;
      try {
        await this.#obey(file, found);
      } catch (error) {
        this.#deps.logger.error({ file, err: error }, 'the reset file on the boot partition could not be obeyed');
      }
      return;
    }
  }

  async #obey(file: string, { text, mark }: { text: string; mark: string }): Promise<void> {
    const { logger, memory, remove = rm } = this.#deps;
    if ((await memory.read()) === mark) {
      logger.info({ file }, 'the reset file was obeyed before; remove it');
      return;
    }
    const password = text.split('\n')[0]?.trim() ?? '';
    await (password === '' ? this.#release() : this.#setPassword(password));
    // It may hold a password: nobody needs it any more.
    const isGone = await remove(file).then(
      () => true,
      () => false,
    );
    if (isGone) return;
    logger.warn({ file }, 'the reset file could not be removed: it does nothing more, but remove it');
    await memory.write(mark);
  }

  async #release(): Promise<void> {
    await this.#deps.access.release();
    this.#tell('Users, logins and tokens are gone; whoever visits next from this network is the owner.');
  }

  async #setPassword(password: string): Promise<void> {
    try {
      const owner = await this.#deps.access.setPassword(password);
      this.#tell(`${owner} has the password that was in it, and all logins are ended.`);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      this.#tell(`It changed nothing: ${error.message}`);
    }
  }

  #tell(what: string): void {
    const message = `A reset file was on the boot partition. ${what} Recordings stay.`;
    this.#deps.logger.warn({}, message);
    this.#deps.journal.record({ kind: 'access.reset', cameraId: null, message });
  }
}

/** The mark tells this file from one written anew, without telling what is in it to anybody who reads the mark. */
async function readSmall(file: string): Promise<{ text: string; mark: string } | null> {
  try {
    const { size, mtimeMs, ino } = await stat(file);
    const text = size > longestFile ? '' : await readFile(file, 'utf8');
    const mark = createHash('sha256')
      .update(JSON.stringify([file, size, mtimeMs, ino]))
      .digest('hex');
    return { text, mark };
  } catch {
    return null;
  }
}
