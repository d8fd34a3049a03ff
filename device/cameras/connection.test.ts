import { describe, expect, test } from 'vitest';
import { Failure } from '#device/kernel/failure.ts';
import { Connection } from './connection.ts';

const refused = new Failure('camera-refused', 'The camera refused the connection.', { action: 'Check the port.' });

describe('whether a camera delivers', () => {
  test('it connects until its first frame', () => {
    const connection = new Connection(true, 100);
    expect(connection.state).toBe('connecting');
    expect(connection.lastFrameAgeMs(500)).toBeNull();
    expect(connection.frame(600)).toBe(true);
    expect(connection.frame(650)).toBe(false);
    expect(connection).toMatchObject({ state: 'online', sinceBootMs: 600, problem: null });
  });

  test('the age of its newest frame grows while none comes', () => {
    const connection = new Connection(true, 0);
    connection.frame(1000);
    expect(connection.lastFrameAgeMs(8000)).toBe(7000);
  });

  test('it is offline with a reason, since the first failure, however often it is tried again', () => {
    const connection = new Connection(true, 0);
    expect(connection.failed(refused, 50)).toBe(true);
    expect(connection.failed(refused, 90)).toBe(false);
    expect(connection).toMatchObject({ state: 'offline', sinceBootMs: 50, restarts: 2 });
    expect(connection.problem).toEqual({
      kind: 'camera-refused',
      message: 'The camera refused the connection.',
      action: 'Check the port.',
    });
    expect(connection.frame(200)).toBe(true);
    expect(connection.problem).toBeNull();
  });

  test('a disabled camera is neither', () => {
    expect(new Connection(false, 0).state).toBe('disabled');
  });
});
