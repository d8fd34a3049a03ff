import { Failure } from '#device/kernel/failure.ts';
import type { Logger } from '#device/kernel/logger.ts';
import { RestartAtOnce } from '#device/kernel/supervise.ts';
import { type CaptureSession, type CaptureSink, SubStreamFailure } from './capture.ts';
import { NotForDirect } from './rtsp/not-for-direct.ts';

export interface PreferredDeps {
  logger: Logger;
  /** The cheap session that knows most cameras. */
  direct: CaptureSession;
  /** The one that knows all. */
  general: CaptureSession;
  /** That the general session had to take this source, told to later sessions of it. */
  remember(): void;
}

/** Tries the direct session, and lets the general one go on where it does not get far. */
export class PreferredSession implements CaptureSession {
  readonly #deps: PreferredDeps;

  constructor(deps: PreferredDeps) {
    this.#deps = deps;
  }

  async run(signal: AbortSignal, sink: CaptureSink): Promise<void> {
    const { logger, direct, general, remember } = this.#deps;
    let hasBegun = false;
    const begun = (then: () => void): CaptureSink => ({
      format: (format) => {
        then();
        sink.format(format);
      },
      packet: (packet) => sink.packet(packet),
      picture: (picture) => sink.picture(picture),
      note: (note) => sink.note(note),
    });
    try {
      await direct.run(
        signal,
        begun(() => {
          hasBegun = true;
        }),
      );
    } catch (error) {
      if (signal.aborted || !isWorthAnother(error, hasBegun)) throw error;
      logger.debug({ err: error }, 'this camera is not for the direct session');
      if (hasBegun) {
        remember();
        throw new RestartAtOnce('camera-offline', 'The camera sends something that needs another way to open it.', {
          action: 'Nothing to do: it is opened anew at once.',
          cause: error,
        });
      }
      await general.run(signal, begun(remember));
    }
  }
}

/** A camera that does not answer or does not like the password would not do so a second time. */
function isWorthAnother(error: unknown, hasBegun: boolean): boolean {
  if (error instanceof NotForDirect) return true;
  if (hasBegun || !(error instanceof Failure) || error instanceof SubStreamFailure || error instanceof RestartAtOnce) return false;
  return error.kind === 'camera-refused' || error.kind === 'camera-no-video' || error.kind === 'camera-unsupported-codec';
}
