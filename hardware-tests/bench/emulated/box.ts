import { existsSync, mkdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Architecture } from './board.ts';
import { runProgram } from './program.ts';

const imageSchema = z.object({
  Docker: z.object({
    config: z.object({
      Env: z.array(z.string()).default([]),
      Entrypoint: z.array(z.string()),
      Cmd: z.array(z.string()).default([]),
      WorkingDir: z.string(),
    }),
  }),
  FromImageID: z.string(),
});
const composeSchema = z.object({
  services: z.record(z.string(), z.object({ environment: z.record(z.string(), z.string()).default({}) })),
});

/** Where a container engine looks for programs when nobody says. */
export const programFolders = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The file system of the container, and how it is started. */
export interface Box {
  /** Where the emulated machine gets the file system from: a disk, or a folder of this machine that it reads but does not change. */
  root: { disk: string } | { folder: string };
  /** What stands in for it, where it is not the image's. */
  emulated: readonly string[];
  environment: Readonly<Record<string, string>>;
  /** Lines of shell that make the container's file system whole. */
  preparation: readonly string[];
  command: readonly string[];
  /** Where the program lies in it. */
  directory: string;
}

/** The newest image of `scripts/image build` as a disk, with what its author and the compose file say about starting it. */
export async function boxOfImage(projectRoot: string, architecture: Architecture, folder: string): Promise<Box> {
  const store = join(projectRoot, 'build/image/buildah');
  if (!existsSync(store)) throw new Error('There is no image yet: run scripts/image build first.');
  const buildah = (...args: string[]) =>
    runProgram('buildah', ['--root', join(store, 'store'), '--runroot', join(store, 'run'), '--storage-driver', 'overlay', ...args]);
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')));
  const name = `localhost/kerberos-edge:${version}-${architecture}`;
  const { Docker, FromImageID } = imageSchema.parse(JSON.parse(await buildah('inspect', '--type', 'image', name)));
  const disk = join(folder, `box-${FromImageID.slice(0, 12)}.ext4`);
  if (!existsSync(disk)) {
    mkdirSync(folder, { recursive: true });
    const container = (await buildah('from', '--pull-never', name)).trim();
    try {
      await makeDisk(disk, { megabytes: 1_500, content: (await buildah('mount', container)).trim() });
    } finally {
      await buildah('rm', container);
    }
  }
  const { Env, Entrypoint, Cmd, WorkingDir } = Docker.config;
  return {
    root: { disk },
    emulated: [],
    environment: { ...pairs(Env), ...composeEnvironment(projectRoot) },
    preparation: [],
    command: [...Entrypoint, ...Cmd],
    directory: WorkingDir,
  };
}

function pairs(lines: readonly string[]): Record<string, string> {
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}

/** What the compose file sets. */
export function composeEnvironment(projectRoot: string): Record<string, string> {
  const { services } = composeSchema.parse(parse(readFileSync(join(projectRoot, 'image/docker-compose.yml'), 'utf8')));
  return Object.values(services)[0]?.environment ?? {};
}

/** An ext4 file system in a file that takes only the room that is used. */
export async function makeDisk(file: string, options: { megabytes: number; content?: string }): Promise<void> {
  const fresh = `${file}.new`;
  writeFileSync(fresh, '');
  truncateSync(fresh, options.megabytes * 1_048_576);
  // Reserved for root on other machines; a data partition of balenaOS is made the same way, with ext4's own defaults.
  const content = options.content === undefined ? [] : ['-d', options.content];
  await runProgram('mkfs.ext4', ['-q', '-F', ...content, fresh]);
  rmSync(file, { force: true });
  await runProgram('mv', [fresh, file]);
  if (statSync(file).size === 0) throw new Error(`${file} was not made`);
}
