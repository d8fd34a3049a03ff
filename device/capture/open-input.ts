import { existsSync } from 'node:fs';
import type { RtspSource } from '#device/contract/contract.ts';
import type { Failure } from '#device/kernel/failure.ts';
import { type FfmpegSource, localInput, rtspAddress, rtspInput, type SourceInput } from './source-input.ts';
import { openTlsTunnel } from './tls-tunnel.ts';

export interface OpenInput {
  input: SourceInput;
  /** What went wrong on the way that ffmpeg cannot know of; null when nothing did. */
  trouble(): Failure | null;
  close(): Promise<void>;
}

export interface InputOpener {
  open(source: FfmpegSource, which: 'main' | 'sub', options?: { inRealTime: boolean }): Promise<OpenInput>;
}

/** Debian's fonts-dejavu-core. The demo camera goes without a clock where it is absent. */
const clockFont = '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf';

export const inputOpener: InputOpener = {
  open: async (source, which, options = { inRealTime: true }) => {
    if (source.kind === 'rtsp') return openRtsp(source, which);
    const fontFile = existsSync(clockFont) ? clockFont : null;
    const input = localInput(source, { inRealTime: options.inRealTime, fontFile });
    return { input, trouble: () => null, close: async () => {} };
  },
};

/** ffmpeg's RTSP client does not check certificates; where an authority is given, this process does the TLS part. */
async function openRtsp(source: RtspSource, which: 'main' | 'sub'): Promise<OpenInput> {
  const address = rtspAddress(source, which);
  if (address.url.protocol !== 'rtsps:' || source.caPem === undefined) {
    return { input: rtspInput(address, source.transport), trouble: () => null, close: async () => {} };
  }
  const tunnel = await openTlsTunnel({
    host: address.url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(address.url.port || 322),
    caPem: source.caPem,
  });
  const inner = new URL(`rtsp${address.url.href.slice('rtsps'.length)}`);
  inner.host = `127.0.0.1:${tunnel.port}`;
  return {
    input: rtspInput({ url: inner, secrets: address.secrets }, 'tcp'),
    trouble: () => tunnel.trouble(),
    close: () => tunnel.close(),
  };
}
