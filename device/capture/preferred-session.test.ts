import { describe, expect, test } from 'vitest';
import { Failure } from '#device/kernel/failure.ts';
import { silentLogger } from '#device/kernel/logger.ts';
import { RestartAtOnce } from '#device/kernel/supervise.ts';
import type { StreamFormat } from '#device/media/packet.ts';
import { CollectedCapture } from '#device/testing/collected-capture.ts';
import type { CaptureSession, CaptureSink } from './capture.ts';
import { PreferredSession } from './preferred-session.ts';
import { NotForDirect } from './rtsp/not-for-direct.ts';

const video = { codec: 'h264', codecString: 'avc1.42c01e', width: 2, height: 2, timescale: 90_000, sampleEntry: new Uint8Array() } as const;
const format: StreamFormat = { video, audio: null };

interface Told {
  sink: CollectedCapture;
  outcome: unknown;
  general: number;
  remembered: number;
}

async function run(
  direct: (sink: CaptureSink) => void,
  general: (sink: CaptureSink) => void = (sink) => sink.format(format),
): Promise<Told> {
  const told: Told = { sink: new CollectedCapture(), outcome: null, general: 0, remembered: 0 };
  const session = (act: (sink: CaptureSink) => void): CaptureSession => ({ run: async (_, sink) => act(sink) });
  const preferred = new PreferredSession({
    logger: silentLogger,
    direct: session(direct),
    general: session((sink) => {
      told.general += 1;
      general(sink);
    }),
    remember: () => {
      told.remembered += 1;
    },
  });
  await preferred.run(new AbortController().signal, told.sink).catch((error: unknown) => {
    told.outcome = error;
  });
  return told;
}

const fail = (error: Error) => (): never => {
  throw error;
};

describe('a camera that the direct session', () => {
  test('can take is left to it', async () => {
    expect(await run((sink) => sink.format(format))).toMatchObject({ general: 0, remembered: 0, outcome: null });
  });

  test('does not know goes to the general one at once, and stays there when that gets pictures', async () => {
    const told = await run(fail(new NotForDirect('sound')));
    expect(told).toMatchObject({ general: 1, remembered: 1, outcome: null });
    expect(told.sink.formats).toEqual([format]);
    expect(await run(fail(new NotForDirect('sound')), () => {})).toMatchObject({ general: 1, remembered: 0 });
  });

  test('turns out not to know is opened anew at once', async () => {
    const told = await run((sink) => {
      sink.format(format);
      throw new NotForDirect('order');
    });
    expect(told).toMatchObject({ general: 0, remembered: 1 });
    expect(told.outcome).toBeInstanceOf(RestartAtOnce);
  });

  test('cannot reach or log in to is not asked twice', async () => {
    for (const kind of ['camera-unreachable', 'camera-wrong-password', 'timeout'] as const) {
      const failure = new Failure(kind, 'no');
      expect(await run(fail(failure))).toMatchObject({ general: 0, outcome: failure });
    }
    expect(await run(fail(new Failure('camera-refused', 'no')))).toMatchObject({ general: 1 });
  });
});
