import { LocationProvider } from 'preact-iso';
import { words } from '../format/words.ts';
import { Button } from '../parts/button.tsx';
import { ProblemBox } from '../parts/panel.tsx';
import { Loading } from '../parts/spinner.tsx';
import { usePortal } from '../store/portal.ts';
import { Claim } from './claim.tsx';
import { Login } from './login.tsx';
import { Shell } from './shell.tsx';
import { useFirstMistake } from './use-first-mistake.ts';

/** What is shown depends first of all on who is there. Addresses under /api belong to the device, not to the router. */
export const App = () => {
  const { session } = usePortal();
  useFirstMistake();
  const phase = session.phase.value;
  switch (phase.kind) {
    case 'starting':
      return (
        <main class="gate">
          <Loading label={words.loading} />
        </main>
      );
    case 'unreachable':
      return (
        <main class="gate">
          <ProblemBox message={phase.problem.message} action={phase.problem.action}>
            <Button onClick={() => void session.refresh()}>{words.retry}</Button>
          </ProblemBox>
        </main>
      );
    case 'unclaimed':
      return <Claim />;
    case 'logged-out':
      return <Login expired={phase.expired} />;
    case 'logged-in':
      return (
        <LocationProvider scope={/^(?!\/(api|metrics)(\/|$))/}>
          <Shell username={phase.username} />
        </LocationProvider>
      );
  }
};
