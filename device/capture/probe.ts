import type { ProbeResult } from '#device/contract/contract.ts';
import { Child } from '#device/kernel/child.ts';
import type { Clock } from '#device/kernel/clock.ts';
import { Failure } from '#device/kernel/failure.ts';
import { demoFramesPerSecond, demoKeyIntervalFrames, demoVideo } from './demo-scene.ts';
import type { InputOpener } from './open-input.ts';
import { describeProbe, type FoundStreams, readProbe } from './probe-description.ts';
import { type FfmpegSource, scriptFd } from './source-input.ts';
import { explainTrouble } from './trouble.ts';

export interface ProbeDeps {
  clock: Clock;
  ffprobePath: string;
  inputs: InputOpener;
}

const deadlineMs = 15_000;
/** Seconds of the stream that are looked at, to see how far key pictures lie apart. */
const lookSeconds = 5;
const maxAnswerLength = 8 * 1024 * 1024;

/** Nothing need be opened to know what the device makes by itself. */
const demoStreams: FoundStreams = {
  stream: {
    videoCodec: demoVideo.codec,
    videoCodecString: demoVideo.codecString,
    width: demoVideo.width,
    height: demoVideo.height,
    framesPerSecond: demoFramesPerSecond,
    audioCodec: 'aac',
    keyIntervalMs: (demoKeyIntervalFrames * 1000) / demoFramesPerSecond,
    bitsPerSecond: null,
  },
  hasBFrames: false,
  audio: 'aac',
  seenMs: 0,
};

/** Opens the source for some seconds, main and sub-stream side by side. Throws the Failure that says what is wrong with it. */
export async function probeSource(deps: ProbeDeps, source: FfmpegSource, signal: AbortSignal): Promise<ProbeResult> {
  if (source.kind === 'demo') return describeProbe(source, demoStreams, null, null);
  const hasSub = source.kind === 'rtsp' && source.subUrl !== undefined;
  const [main, sub] = await Promise.allSettled([look(deps, source, 'main', signal), hasSub ? look(deps, source, 'sub', signal) : null]);
  if (main.status === 'rejected') throw main.reason;
  signal.throwIfAborted();
  const subTrouble = sub.status === 'rejected' && sub.reason instanceof Failure ? sub.reason.message : null;
  return describeProbe(source, main.value, sub.status === 'fulfilled' ? sub.value : null, subTrouble);
}

async function look(deps: ProbeDeps, source: FfmpegSource, which: 'main' | 'sub', signal: AbortSignal): Promise<FoundStreams> {
  const opened = await deps.inputs.open(source, which, { inRealTime: false });
  const args = [
    ...['-hide_banner', '-loglevel', 'error', ...opened.input.args, '-show_streams', '-show_packets', '-of', 'json'],
    ...['-show_entries', 'packet=codec_type,pts_time,dts_time,flags,size', '-read_intervals', `%+${lookSeconds}`],
  ];
  const child = new Child(deps.ffprobePath, args, { clock: deps.clock, extraPipes: 1 });
  child.pipe(scriptFd).end(opened.input.script ?? '');
  const timer = new AbortController();
  let late = false;
  const stop = () => void child.stop();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  deps.clock.sleep(deadlineMs, timer.signal).then(
    () => {
      late = true;
      stop();
    },
    () => {},
  );
  try {
    let answer = '';
    for await (const chunk of child.stdout) {
      if (answer.length < maxAnswerLength) answer += String(chunk);
    }
    const exit = await child.exited;
    signal.throwIfAborted();
    if (exit.error || exit.code === 127)
      throw new Failure('unavailable', 'The video program of this device cannot be started.', { cause: exit.error });
    if (late) {
      const action = 'Check the address and the network to the camera.';
      throw opened.trouble() ?? new Failure('timeout', `The camera did not answer within ${deadlineMs / 1000} seconds.`, { action });
    }
    if (exit.code !== 0) throw opened.trouble() ?? explainTrouble(child.stderrTail(), opened.input.secrets);
    return readProbe(answer);
  } finally {
    timer.abort();
    signal.removeEventListener('abort', stop);
    await child.stop();
    await opened.close();
  }
}
