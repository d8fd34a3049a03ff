import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Architecture, makeOwnBase, ownRegistry } from './base-images.ts';
import { Buildah } from './buildah.ts';
import { machineSources } from './machine-sources.ts';
import { runProgram } from './program.ts';
import { sbomOf } from './sbom.ts';
import { sizesOf, sizeTable } from './sizes.ts';
import { stage } from './stage.ts';

interface BuildOptions {
  root: string;
  architecture: Architecture;
  /** Where the base images come from; null: they are made here. */
  registry: string | null;
  piCamera: boolean;
  /** Unpacked Node of the architecture; for base images of our own only. */
  nodeFolder: string;
  say(text: string): void;
}

/** Where the device lies in the image. */
export const placeInImage = 'usr/src/kerberos-edge';

export function imageFolder(root: string): string {
  return join(root, 'build/image');
}

export function imageName(version: string, architecture: Architecture): string {
  return `localhost/kerberos-edge:${version}-${architecture}`;
}

/** What the device loads when it first needs it; everything else is loaded to answer `--help`. */
const loadedLater = ['balena-sdk', 'mdns', 'onoff'];

/** A file that was taken out of the image by mistake would keep the device from starting. */
async function tryPrograms(mounted: string): Promise<void> {
  const inside = ['env', '-C', `/${placeInImage}`, 'PATH=/usr/local/bin:/usr/bin:/bin'];
  const load = `for (const name of ${JSON.stringify(loadedLater)}) await import(name)`;
  await runProgram('chroot', [mounted, ...inside, 'kerberos', '--help']);
  await runProgram('chroot', [mounted, ...inside, 'node', '--input-type=module', '--eval', load]);
}

/** Builds the real Dockerfile, and writes beside it what is inside, what it weighs and the whole as an archive. */
export async function buildImage(options: BuildOptions): Promise<void> {
  const { root, architecture, say } = options;
  const isOwnBase = options.registry === null;
  const registry = options.registry ?? ownRegistry(architecture);
  const staged = join(root, 'build/balena');
  const { version, epochSeconds } = stage(root, staged);
  const folder = imageFolder(root);
  mkdirSync(folder, { recursive: true });
  const buildah = new Buildah(join(folder, 'buildah'));
  const dockerfile = join(staged, 'image/Dockerfile');
  if (isOwnBase) {
    say('Making the base images from Debian packages, unless they are there.');
    await makeOwnBase({ buildah, architecture, nodeFolder: options.nodeFolder, dockerfile, epochSeconds });
  }
  const name = imageName(version, architecture);
  say(`Building ${name}.`);
  const values = { REGISTRY: registry, PI_CAMERA: options.piCamera ? 'yes' : 'no', SOURCE_DATE_EPOCH: String(epochSeconds) };
  await buildah.show(
    ...['build', '--layers', '--isolation', 'chroot', '--format', 'docker', '--arch', architecture, '--timestamp', String(epochSeconds)],
    ...(isOwnBase ? ['--pull-never'] : []),
    ...Object.entries(values).flatMap(([key, value]) => ['--build-arg', `${key}=${value}`]),
    ...(await machineSources(folder)),
    ...['--tag', name, '--file', dockerfile, staged],
  );
  const stem = join(folder, `kerberos-edge-${version}-${architecture}`);
  await buildah.mounted(name, async (mounted) => {
    await tryPrograms(mounted);
    const nodeVersion = (await runProgram('chroot', [mounted, 'node', '-p', 'process.versions.node'])).trim();
    const sbom = sbomOf({ root: mounted, place: placeInImage, version, epochSeconds, nodeVersion });
    writeFileSync(`${stem}.cdx.json`, `${JSON.stringify(sbom, null, 2)}\n`);
    say(`${sbom.components.length} components are listed in ${stem}.cdx.json`);
    const sizes = sizeTable(sizesOf(mounted, placeInImage));
    writeFileSync(`${stem}.sizes.txt`, `${sizes}\n`);
    say(sizes);
  });
  const archive = `${stem}.tar`;
  if (existsSync(archive)) rmSync(archive);
  await buildah.run('push', '--quiet', name, `docker-archive:${archive}:kerberos-edge:${version}`);
  say(`The image is ${archive}`);
}
