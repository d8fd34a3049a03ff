import { stat } from 'node:fs/promises';
import { Failure } from '#device/kernel/failure.ts';

/** Throws `absent` when there is no such file, and Failure `forbidden` when this user may not even look. */
export async function mustBeThere(path: string, absent: (cause: unknown) => Failure): Promise<void> {
  await stat(path).catch((cause: unknown) => {
    const code = cause instanceof Error && 'code' in cause ? cause.code : null;
    if (code !== 'EACCES' && code !== 'EPERM') throw absent(cause);
    throw new Failure('forbidden', `This user may not read ${path}.`, {
      action: 'Run it as the user who runs the device, or with sudo.',
      cause,
    });
  });
}
