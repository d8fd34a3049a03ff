import { constants, open } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Child } from '#device/kernel/child.ts';
import type { Clock } from '#device/kernel/clock.ts';
import { Failure } from '#device/kernel/failure.ts';

export interface NamedPipes {
  /** In which they lie, and where further files of the same life may be put. */
  directory: string;
  pathOf(name: string): string;
  /** What is written to it, by however many writers one after the other; it ends only with `close`. */
  reader(name: string): NodeJS.ReadableStream;
  close(): Promise<void>;
}

/** Pipes with names, for programs that open what they write to by name: the pipes a child inherits cannot be opened again. */
export async function openNamedPipes(clock: Clock, names: readonly string[]): Promise<NamedPipes> {
  const directory = await mkdtemp(join(tmpdir(), 'kerberos-pi-'));
  const readers = new Map<string, Socket>();
  const close = async (): Promise<void> => {
    for (const reader of readers.values()) reader.destroy();
    await rm(directory, { recursive: true, force: true });
  };
  try {
    const paths = names.map((name) => join(directory, name));
    const child = new Child('mkfifo', ['-m', '600', ...paths], { clock });
    const { code } = await child.exited;
    if (code !== 0) throw new Failure('internal', 'No pipe can be made on this device.', { cause: new Error(child.stderrTail()) });
    for (const name of names) readers.set(name, await openReader(join(directory, name)));
  } catch (error) {
    await close();
    throw error;
  }
  return {
    directory,
    pathOf: (name) => join(directory, name),
    reader: (name) => {
      const reader = readers.get(name);
      if (!reader) throw new RangeError(`no pipe ${name}`);
      return reader;
    },
    close,
  };
}

/** Opened for both, it waits for no writer and does not end when one leaves. */
async function openReader(path: string): Promise<Socket> {
  const fd = await promisify<string, number, number>(open)(path, constants.O_RDWR | constants.O_NONBLOCK);
  const socket = new Socket({ fd, readable: true, writable: false });
  socket.on('error', () => {});
  return socket;
}
