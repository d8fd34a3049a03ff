import { Activity, Film, LayoutGrid, LogOut, Monitor, Moon, Sun } from 'lucide';
import { lazy, Route, Router, useLocation } from 'preact-iso';
import { words } from '../format/words.ts';
import { IconButton } from '../parts/button.tsx';
import { Icon } from '../parts/icon.tsx';
import { Logo } from '../parts/logo.tsx';
import { usePortal } from '../store/portal.ts';
import { ConnectionBanner, EventAnnouncer, Notices } from './live-region.tsx';
import { NotFound } from './not-found.tsx';
import { useLogOut } from './use-log-out.ts';
import { Wall } from './wall.tsx';

const CameraScreen = lazy(() => import('./camera.tsx').then((module) => module.CameraScreen));
const DayScreen = lazy(() => import('./day/day.tsx').then((module) => module.DayScreen));
const AddCamera = lazy(() => import('./editor/add-camera.tsx').then((module) => module.AddCamera));
const EditCamera = lazy(() => import('./editor/edit-camera.tsx').then((module) => module.EditCamera));
const PinsScreen = lazy(() => import('./pins/pins.tsx').then((module) => module.PinsScreen));
const TimeLapseScreen = lazy(() => import('./time-lapse/time-lapse.tsx').then((module) => module.TimeLapseScreen));
const SystemScreen = lazy(() => import('./system/system.tsx').then((module) => module.SystemScreen));

const places = [
  { href: '/', label: words.nav.live, icon: LayoutGrid, isHere: (path: string) => path === '/' || path.startsWith('/cameras') },
  { href: '/recordings', label: words.nav.recordings, icon: Film, isHere: (path: string) => path.startsWith('/recordings') },
  { href: '/system', label: words.nav.system, icon: Activity, isHere: (path: string) => path.startsWith('/system') },
];

const Navigation = () => {
  const { path } = useLocation();
  const { system } = usePortal();
  const level = system.health.value.value?.status;
  const needsLook = level === 'failed' || level === 'warning';
  return (
    <nav class="nav" aria-label={words.nav.label}>
      {places.map(({ href, label, icon, isHere }) => (
        <a key={href} href={href} aria-current={isHere(path) ? 'page' : undefined}>
          <Icon of={icon} size={20} />
          <span>{label}</span>
          {href === '/system' && needsLook && <span class={`nav-mark level-${level}`} role="img" aria-label={words.system.levels[level]} />}
        </a>
      ))}
    </nav>
  );
};

const themeIcons = { auto: Monitor, light: Sun, dark: Moon };
const themeAfter = { auto: 'light', light: 'dark', dark: 'auto' } as const;

const ThemeButton = () => {
  const { theme } = usePortal();
  const now = theme.theme.value;
  const { label, ...names } = words.nav.theme;
  return <IconButton icon={themeIcons[now]} label={`${label}: ${names[now]}`} onClick={() => theme.choose(themeAfter[now])} />;
};

/** The frame around all screens. After a navigation the heading of the new screen takes the focus. */
export const Shell = ({ username }: { username: string }) => {
  const { system } = usePortal();
  const logOut = useLogOut();
  const focusHeading = () => {
    document.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
  };
  return (
    <div class="shell">
      <a class="skip-link" href="#content">
        {words.skipToContent}
      </a>
      <header class="bar">
        <a class="brand" href="/">
          <Logo />
          <span>{system.deviceName.value ?? words.product}</span>
        </a>
        <Navigation />
        <div class="bar-end">
          <ThemeButton />
          <IconButton icon={LogOut} label={`${words.nav.logOut} (${username})`} onClick={() => void logOut()} />
        </div>
      </header>
      <main id="content" tabIndex={-1}>
        <Router onRouteChange={focusHeading}>
          <Route path="/" component={Wall} />
          <Route path="/cameras/new" component={AddCamera} />
          <Route path="/cameras/:id/edit" component={EditCamera} />
          <Route path="/cameras/:id/time-lapse" component={TimeLapseScreen} />
          <Route path="/cameras/:id" component={CameraScreen} />
          <Route path="/recordings" component={DayScreen} />
          <Route path="/system" component={SystemScreen} />
          <Route path="/system/pins" component={PinsScreen} />
          <Route default component={NotFound} />
        </Router>
      </main>
      <ConnectionBanner />
      <EventAnnouncer />
      <Notices />
    </div>
  );
};
