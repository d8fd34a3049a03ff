import { expect, test } from 'vitest';
import { systemClock } from '#device/kernel/clock.ts';
import { startHostileCamera } from '#device/testing/hostile-camera.ts';
import { NotForDirect } from './not-for-direct.ts';
import { RtspConnection } from './rtsp-connection.ts';

test('a camera that asks without end and reads no answer does not fill the memory', async () => {
  const camera = await startHostileCamera('demanding');
  const target = { host: '127.0.0.1', port: camera.port, login: null };
  const connection = new RtspConnection(target, { clock: systemClock, onFrame: () => {} });
  try {
    await expect(connection.over).rejects.toThrow(NotForDirect);
  } finally {
    connection.close(null);
    await camera.stop();
  }
}, 20_000);
