import { existsSync } from 'node:fs';
import type { RtspSource } from '#device/contract/contract.ts';
import { Failure } from '#device/kernel/failure.ts';
import { type FfmpegSource, localInput, type OpenInput, rtspAddress, rtspInput } from './source-input.ts';
import { openTlsTunnel } from './tls-tunnel.ts';
import { openUsb, type UsbPort } from './usb-input.ts';

export interface InputOpener {
  open(source: FfmpegSource, which: 'main' | 'sub', options?: { inRealTime: boolean }): Promise<OpenInput>;
}

/** Debian's fonts-dejavu-core. The demo camera goes without a clock where it is absent. */
const clockFont = '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf';

export function inputOpener(usb: UsbPort | null): InputOpener {
  return {
    open: async (source, which, options = { inRealTime: true }) => {
      if (source.kind === 'rtsp') return openRtsp(source, which);
      if (source.kind === 'usb') {
        if (usb === null) throw new Failure('unavailable', 'USB cameras cannot be opened here.');
        return openUsb(usb, source);
      }
      const fontFile = existsSync(clockFont) ? clockFont : null;
      const input = localInput(source, { inRealTime: options.inRealTime, fontFile });
      return { input, trouble: () => null, close: async () => {} };
    },
  };
}

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
