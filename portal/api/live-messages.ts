import type { LiveMessage, StreamMessage } from '#device/contract/contract.ts';

const parsed = (text: string): { type: string } | null => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
      ? (value as { type: string })
      : null;
  } catch {
    return null;
  }
};

const liveTypes: readonly LiveMessage['type'][] = ['init', 'status', 'skipped', 'unsupported', 'motion'];
const streamTypes: readonly StreamMessage['type'][] = ['event', 'camera', 'camera-removed', 'recording', 'recording-deleted', 'pin'];

/** null for what this version does not know: a newer device may say more. */
export const readLiveMessage = (text: string): LiveMessage | null => {
  const message = parsed(text);
  return message && liveTypes.some((type) => type === message.type) ? (message as LiveMessage) : null;
};

export const readStreamMessage = (text: string): StreamMessage | null => {
  const message = parsed(text);
  return message && streamTypes.some((type) => type === message.type) ? (message as StreamMessage) : null;
};

export const streamMessageTypes = streamTypes;
