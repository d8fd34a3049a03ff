import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Buildah } from './buildah.ts';
import { runProgram } from './program.ts';

export const architectures = ['amd64', 'arm64'] as const;
export type Architecture = (typeof architectures)[number];

/** Where the images of our own making are named; given to the Dockerfile as its REGISTRY. */
export function ownRegistry(architecture: Architecture): string {
  return `localhost/kerberos-edge/${architecture}/`;
}

interface OwnBase {
  buildah: Buildah;
  architecture: Architecture;
  /** Unpacked Node of that architecture, with npm. */
  nodeFolder: string;
  dockerfile: string;
  epochSeconds: number;
}

/** What the official slim image leaves out as well. */
const excluded = ['/usr/share/doc/*', '/usr/share/man/*', '/usr/share/locale/*', '/usr/share/info/*', '/usr/share/lintian/*'];

/**
 * Makes the images that the Dockerfile begins from, under the names it gives them, from Debian's packages and Node's. Those that
 * are there are kept.
 */
export async function makeOwnBase(base: OwnBase): Promise<void> {
  const [node = '', debian = ''] = baseNames(readFileSync(base.dockerfile, 'utf8'), base.architecture);
  if (!(await base.buildah.has(debian))) await makeDebian(base, debian);
  if (!(await base.buildah.has(node))) await makeNode(base, node, debian);
}

/** The names that stand after `FROM ${REGISTRY}`, in the order of the file, as images of ours. */
export function baseNames(dockerfile: string, architecture: Architecture): string[] {
  const names = [...dockerfile.matchAll(/^FROM \$\{REGISTRY\}(\S+)/gm)].map(([, name = '']) => ownRegistry(architecture) + name);
  if (names.length !== 2 || !names[0]?.includes('/node:') || !names[1]?.includes('/debian:')) {
    throw new Error(`the Dockerfile begins from ${names.join(', ')}, not from one image of Node and one of Debian`);
  }
  return names;
}

async function makeDebian({ buildah, architecture, epochSeconds }: OwnBase, name: string): Promise<void> {
  const release = /:([a-z]+)/.exec(name)?.[1] ?? '';
  const folder = mkdtempSync(join(tmpdir(), 'base-'));
  const archive = join(folder, 'debian.tar');
  try {
    const rules = excluded.map((path) => `--dpkgopt=path-exclude=${path}`);
    const kept = '--dpkgopt=path-include=/usr/share/doc/*/copyright';
    const options = ['--mode=root', '--variant=minbase', `--architectures=${architecture}`, '--include=ca-certificates', ...rules, kept];
    await runProgram('mmdebstrap', [...options, release, archive], {
      show: true,
      env: { SOURCE_DATE_EPOCH: String(epochSeconds) },
    });
    await buildah.mounted('scratch', async (root, container) => {
      await runProgram('tar', ['-xf', archive, '-C', root]);
      await buildah.run('config', '--arch', architecture, container);
      await buildah.run('commit', '-q', '--timestamp', String(epochSeconds), container, name);
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** As the official image has it: all under /usr/local, headers included, so that native modules need no download. */
async function makeNode({ buildah, nodeFolder, architecture, epochSeconds }: OwnBase, name: string, debian: string): Promise<void> {
  await buildah.mounted(debian, async (root, container) => {
    const local = join(root, 'usr/local');
    cpSync(join(nodeFolder, 'bin/node'), join(local, 'bin/node'));
    for (const part of ['include/node', 'lib/node_modules/npm']) {
      mkdirSync(join(local, part), { recursive: true });
      cpSync(join(nodeFolder, part), join(local, part), { recursive: true });
    }
    for (const command of ['npm', 'npx']) symlinkSync(`../lib/node_modules/npm/bin/${command}-cli.js`, join(local, 'bin', command));
    await buildah.run('config', '--arch', architecture, container);
    await buildah.run('commit', '-q', '--timestamp', String(epochSeconds), container, name);
  });
}
