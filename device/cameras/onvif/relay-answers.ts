import { z } from 'zod';
import type { Relay } from '#device/contract/contract.ts';
import { first, firstText } from './parsed-answer.ts';

const mostRelays = 32;
const longestId = 64;
const longestPulseMs = 3_600_000;

export type RelayOutput = Omit<Relay, 'on'>;

const relaysSchema = first(
  z.object({ getRelayOutputsResponse: first(z.object({ relayOutputs: z.array(z.unknown()).catch([]) }).catch({ relayOutputs: [] })) }),
);
const relaySchema = z.object({
  $: z.object({ token: z.string().min(1).max(longestId) }),
  properties: first(z.object({ mode: firstText.catch(''), delayTime: firstText.catch('') })).catch({ mode: '', delayTime: '' }),
});

/** What cannot be read is left out. */
export function readRelays(answer: unknown): RelayOutput[] {
  const outputs = relaysSchema.safeParse(answer).data?.getRelayOutputsResponse.relayOutputs ?? [];
  return outputs.slice(0, mostRelays).flatMap((output): RelayOutput[] => {
    const read = relaySchema.safeParse(output).data;
    if (!read) return [];
    const { mode, delayTime } = read.properties;
    return mode === 'Monostable'
      ? [{ id: read.$.token, mode: 'pulse', pulseMs: durationMs(delayTime) }]
      : [{ id: read.$.token, mode: 'switch', pulseMs: null }];
  });
}

/** Of a duration of XML Schema up to an hour, e.g. `PT1M2.5S`; null for any other. */
function durationMs(text: string): number | null {
  const parts = /^PT(?:(\d{1,4})M)?(?:(\d{1,5}(?:\.\d{1,6})?)S)?$/.exec(text);
  const ms = parts ? Math.round((Number(parts[1] ?? 0) * 60 + Number(parts[2] ?? 0)) * 1_000) : 0;
  return ms > 0 && ms <= longestPulseMs ? ms : null;
}
