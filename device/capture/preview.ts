import { Child } from '#device/kernel/child.ts';
import type { Clock } from '#device/kernel/clock.ts';
import { Failure } from '#device/kernel/failure.ts';
import { concat } from '#device/media/mp4/box.ts';
import type { InputOpener } from './open-input.ts';
import { type FfmpegSource, type SourceInput, scriptFd } from './source-input.ts';
import { explainTrouble } from './trouble.ts';

export interface StillDeps {
  clock: Clock;
  ffmpegPath: string;
  inputs: InputOpener;
}

const deadlineMs = 12_000;
const mostBytes = 4 * 1024 * 1024;
/** A camera that was just opened is dark until it has found its exposure. Seconds. */
const exposureSeconds = 0.7;

/** What ffmpeg is told for one JPEG; pure. */
export function stillArguments(input: SourceInput, options: { maxWidth: number; waitForExposure: boolean }): string[] {
  const wait = options.waitForExposure ? [`setpts=PTS-STARTPTS`, `select='gte(t,${exposureSeconds})'`] : [];
  const filters = [...wait, `scale=w='min(${options.maxWidth},iw)':h=-2:flags=area`].join(',');
  return [
    ...['-hide_banner', '-nostats', '-loglevel', 'error', ...input.args, '-map', '0:v:0', '-an', '-vf', filters],
    ...['-frames:v', '1', '-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p', '-q:v', '4', '-f', 'mjpeg', 'pipe:1'],
  ];
}

/** Opens the source for one picture. Throws the Failure that says why there is none. */
export async function takePreview(
  deps: StillDeps,
  source: FfmpegSource,
  options: { maxWidth: number },
  signal: AbortSignal,
): Promise<Uint8Array> {
  const opened = await deps.inputs.open(source, 'main', { inRealTime: false });
  const args = stillArguments(opened.input, { ...options, waitForExposure: source.kind === 'usb' });
  const child = new Child(deps.ffmpegPath, args, { clock: deps.clock, extraPipes: 1, ask: 'q', askMs: 300, terminateMs: 500 });
  child.pipe(scriptFd).end(opened.input.script ?? '');
  const over = AbortSignal.any([signal, lateAfter(deps.clock, child.exited)]);
  const stop = () => void child.stop();
  over.addEventListener('abort', stop, { once: true });
  if (over.aborted) stop();
  try {
    const parts: Uint8Array[] = [];
    let sizeBytes = 0;
    for await (const chunk of child.stdout) {
      sizeBytes += chunk.length;
      if (sizeBytes <= mostBytes) parts.push(chunk);
    }
    const exit = await child.exited;
    signal.throwIfAborted();
    if (exit.error || exit.code === 127)
      throw new Failure('unavailable', 'The video program of this device cannot be started.', { cause: exit.error });
    if (over.aborted) throw opened.trouble() ?? new Failure('timeout', 'The camera gave no picture in time.', { action: 'Try again.' });
    if (exit.code !== 0 || sizeBytes === 0 || sizeBytes > mostBytes) {
      throw opened.trouble() ?? explainTrouble(child.stderrTail(), opened.input.secrets);
    }
    return concat(parts);
  } finally {
    over.removeEventListener('abort', stop);
    await child.stop();
    await opened.close();
  }
}

/** Aborted when the deadline passes before the child has ended. */
function lateAfter(clock: Clock, exited: Promise<unknown>): AbortSignal {
  const late = new AbortController();
  const timer = new AbortController();
  void exited.then(() => timer.abort());
  clock.sleep(deadlineMs, timer.signal).then(
    () => late.abort(),
    () => {},
  );
  return late.signal;
}
