import { createClient } from '../api/api.ts';
import { words } from '../format/words.ts';
import { createPortal } from './portal.ts';
import { testClock } from './test-clock.ts';

/** All stores over what answers in the place of a device, and a connection that is lost and found when told; for tests of screens. */
export const testPortal = (fetcher: typeof fetch) => {
  const { clock, pass } = testClock();
  const listeners = new Map<string, (event: { data?: unknown }) => void>();
  const portal = createPortal({
    client: createClient('http://kerberos.local', fetcher, words.network),
    clock,
    random: () => 1,
    openStream: () => ({ addEventListener: (type, listener) => listeners.set(type, listener), close: () => {} }),
    themeDeps: { root: document.documentElement, storage: localStorage },
  });
  portal.connection.start();
  return {
    portal,
    pass,
    loseConnection: () => listeners.get('error')?.({}),
    connectAgain: () => {
      portal.connection.retryNow();
      listeners.get('open')?.({});
    },
  };
};
