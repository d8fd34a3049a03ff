import { expect, test } from 'vitest';
import { describeProbe, readProbe } from './probe-description.ts';

const rtsp = { kind: 'rtsp', url: 'rtsp://cam/1', transport: 'tcp' } as const;

function answer(video: object, options: { audio?: string; keyEvery?: number; seconds?: number } = {}): string {
  const { audio, keyEvery = 20, seconds = 5 } = options;
  const packets = Array.from({ length: seconds * 10 }, (_, index) => ({
    codec_type: 'video',
    pts_time: String(index / 10),
    size: '1000',
    flags: index % keyEvery === 0 ? 'K_' : '__',
  }));
  const sound = audio === undefined ? [] : [{ codec_type: 'audio', codec_name: audio }];
  return JSON.stringify({
    streams: [{ codec_type: 'video', width: 1920, height: 1080, avg_frame_rate: '10/1', ...video }, ...sound],
    packets,
  });
}

test('a good camera has nothing to be warned of', () => {
  const found = readProbe(answer({ codec_name: 'h264', profile: 'High', level: 40 }, { audio: 'aac' }));
  expect(found.stream).toMatchObject({ videoCodecString: 'avc1.640028', keyIntervalMs: 2000, framesPerSecond: 10 });
  expect(describeProbe(rtsp, found, null, null)).toMatchObject({
    summary: '1920×1080 H.264 at 10 frames a second, with sound',
    warnings: [],
  });
});

test('what an owner should know is said', () => {
  const found = readProbe(
    answer({ codec_name: 'hevc', profile: 'Main', level: 120, has_b_frames: 2 }, { audio: 'pcm_mulaw', keyEvery: 999 }),
  );
  const { warnings } = describeProbe(rtsp, found, null, 'No answer.');
  for (const word of ['H.265', '4 seconds', 'B-frames', 'pcm_mulaw', 'sub-stream cannot be used: No answer.'])
    expect(warnings.join('\n')).toContain(word);
  expect(describeProbe(rtsp, found, found, null).warnings.join('\n')).not.toContain('4 seconds');
});

test('sound alone, unknown codecs and nonsense are Failures', () => {
  expect(() => readProbe(JSON.stringify({ streams: [{ codec_type: 'audio', codec_name: 'aac' }] }))).toThrow(/no video/);
  expect(() => readProbe(answer({ codec_name: 'vp8' }))).toThrow(/vp8/);
  expect(() => readProbe('garbage')).toThrow(/not a video stream/);
});
