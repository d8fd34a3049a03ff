import { join } from 'node:path';
import { runProgram } from './program.ts';
import { releaseOf } from './stage.ts';

/** The staged folder as one file, the same byte by byte for equal sources. Answers its path. */
export async function packStaged(root: string, folder: string): Promise<string> {
  const { version, epochSeconds } = releaseOf(root);
  const archive = join(root, `build/kerberos-edge-${version}-balena.tar.gz`);
  const plain = ['--sort=name', `--mtime=@${epochSeconds}`, '--owner=0', '--group=0', '--numeric-owner', '--format=gnu'];
  await runProgram('tar', [...plain, '--use-compress-program=gzip -n9', '-cf', archive, '-C', folder, '.']);
  return archive;
}
