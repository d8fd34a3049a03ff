import { describe, expect, test } from 'vitest';
import type { StreamMessage } from '../api/api.ts';
import { createConnection, type MessageSource } from './connection.ts';
import { testClock } from './test-clock.ts';

const connectionOf = () => {
  const { clock, pass, pending } = testClock();
  const sources: { fire: (type: string, data?: unknown) => void; isClosed: boolean }[] = [];
  const messages: StreamMessage[] = [];
  const counts = { opened: 0, lost: 0 };
  const connection = createConnection({
    clock,
    random: () => 1,
    open: (): MessageSource => {
      const listeners = new Map<string, (event: { data?: unknown }) => void>();
      const source = {
        isClosed: false,
        fire: (type: string, data?: unknown) => listeners.get(type)?.({ data }),
      };
      sources.push(source);
      return {
        addEventListener: (type, listener) => listeners.set(type, listener),
        close: () => {
          source.isClosed = true;
        },
      };
    },
    onMessage: (message) => messages.push(message),
    onOpen: () => {
      counts.opened += 1;
    },
    onLost: () => {
      counts.lost += 1;
    },
  });
  return { connection, pass, pending, sources, messages, counts };
};

describe('the stream of what happens', () => {
  test('passes on what it knows and nothing else', () => {
    const { connection, sources, messages, counts } = connectionOf();
    connection.start();
    sources[0]?.fire('open');
    sources[0]?.fire('camera-removed', JSON.stringify({ type: 'camera-removed', cameraId: 'front' }));
    sources[0]?.fire('camera-removed', 'rubbish');
    expect(messages).toEqual([{ type: 'camera-removed', cameraId: 'front' }]);
    expect(connection.state.value.phase).toBe('open');
    expect(counts.opened).toBe(1);
  });

  test('is lost with an error, tries again with growing pauses and loads anew when it is back', () => {
    const { connection, sources, pass, counts } = connectionOf();
    connection.start();
    sources[0]?.fire('open');
    sources[0]?.fire('error');
    expect(connection.state.value).toMatchObject({ phase: 'lost', retryAtMs: 1000 });
    pass(1000);
    expect(sources).toHaveLength(2);
    sources[1]?.fire('error');
    pass(1999);
    expect(sources).toHaveLength(2);
    pass(1);
    expect(connection.state.value.phase).toBe('lost');
    sources[2]?.fire('open');
    expect(connection.state.value.phase).toBe('open');
    expect(counts).toEqual({ opened: 2, lost: 2 });
  });

  test('tries at once when asked to', () => {
    const { connection, sources } = connectionOf();
    connection.start();
    sources[0]?.fire('error');
    connection.retryNow();
    expect(sources).toHaveLength(2);
  });

  test('a stopped stream stays stopped', () => {
    const { connection, sources, pass, pending } = connectionOf();
    connection.start();
    sources[0]?.fire('error');
    connection.stop();
    sources[0]?.fire('error');
    pass(60_000);
    expect(sources).toHaveLength(1);
    expect(sources[0]?.isClosed).toBe(true);
    expect(pending()).toBe(0);
  });
});
