import { render } from 'preact';
import { createClient } from './api/api.ts';
import { words } from './format/words.ts';
import { App } from './screens/app.tsx';
import { browserClock } from './store/clock.ts';
import { createPortal, PortalContext } from './store/portal.ts';
import './style/main.css';

const root = document.getElementById('portal');
if (root) {
  const portal = createPortal({
    client: createClient(location.origin, (input, init) => fetch(input, init), words.network),
    clock: browserClock(),
    random: Math.random,
    openStream: (address) => new EventSource(address),
    themeDeps: { root: document.documentElement, storage: localStorage },
  });
  portal.start();
  render(
    <PortalContext.Provider value={portal}>
      <App />
    </PortalContext.Provider>,
    root,
  );
}
