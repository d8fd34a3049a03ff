import { computed, effect, type Signal, signal, untracked } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { addresses, type Client, limits } from '../api/api.ts';
import { zonedTime } from '../format/time.ts';
import { createCameras } from './cameras.ts';
import type { Clock } from './clock.ts';
import { createConnection, type MessageSource } from './connection.ts';
import { createDay } from './day.ts';
import { createDiscovery } from './discovery.ts';
import { createHappenings } from './happenings.ts';
import { createNotices } from './notices.ts';
import { createPins } from './pins.ts';
import { createRelays } from './relays.ts';
import { createSession } from './session.ts';
import { createSystem } from './system.ts';
import { createTheme, type ThemeStore } from './theme.ts';
import { createTimeLapse } from './time-lapse.ts';

export interface PortalDeps {
  client: Client;
  clock: Clock;
  random: () => number;
  openStream: (address: string) => MessageSource;
  themeDeps: Parameters<typeof createTheme>[0];
}

interface Begun {
  clock: Clock;
  secondMs: Signal<number>;
  session: ReturnType<typeof createSession>;
  connection: ReturnType<typeof createConnection>;
}

/** Lets time pass and follows the device for as long as somebody is logged in. Answers the way to end it. */
const begin = ({ clock, secondMs, session, connection }: Begun) => {
  const stopTicking = clock.every(1000, () => {
    secondMs.value = clock.steadyMs();
  });
  const isIn = computed(() => session.phase.value.kind === 'logged-in');
  const stopFollowing = effect(() => {
    const isInNow = isIn.value;
    untracked(() => (isInNow ? connection.start() : connection.stop()));
  });
  void session.refresh();
  return () => {
    stopTicking();
    stopFollowing();
    connection.stop();
  };
};

/** All stores of one page, joined. Made once in main and handed down by context; tests make their own. */
export const createPortal = ({ client, clock, random, openStream, themeDeps }: PortalDeps) => {
  const session = createSession(client);
  const system = createSystem(client);
  const cameras = createCameras(client);
  const discovery = createDiscovery(client);
  const happenings = createHappenings(client, clock);
  const pins = createPins(client);
  const relays = createRelays(client);
  const timeLapse = createTimeLapse(client);
  const notices = createNotices(clock);
  const theme: ThemeStore = createTheme(themeDeps);
  /** Steady milliseconds, renewed every second: whatever shows an age reads it. */
  const secondMs = signal(clock.steadyMs());
  const time = computed(() => zonedTime(system.timeZone.value ?? Intl.DateTimeFormat().resolvedOptions().timeZone));
  const day = createDay(client, time);

  const connection = createConnection({
    open: () => openStream(addresses.stream),
    clock,
    random,
    onMessage: (message) => {
      for (const store of [cameras, happenings, day, pins]) store.receive(message);
    },
    onOpen: () => {
      void cameras.reload();
      void happenings.load();
      void system.loadSettings();
      void system.loadHealth();
      system.disks.refresh();
      day.refresh();
    },
    onLost: () => void session.refresh(),
  });

  const start = () => begin({ clock, secondMs, session, connection });

  const stores = { session, system, cameras, discovery, pins, relays, timeLapse, happenings, notices, theme, day };
  return { ...stores, connection, secondMs, time, clock, random, limits, addresses, start };
};
export type Portal = ReturnType<typeof createPortal>;

export const PortalContext = createContext<Portal | null>(null);

export const usePortal = (): Portal => {
  const portal = useContext(PortalContext);
  if (!portal) throw new Error('A screen was shown outside the portal.');
  return portal;
};
