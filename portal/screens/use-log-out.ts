import { words } from '../format/words.ts';
import { usePortal } from '../store/portal.ts';

/** Logs out, or says that it did not work: whoever walks away from a shared computer must know. */
export const useLogOut = () => {
  const { session, notices } = usePortal();
  return async (): Promise<void> => {
    const problem = await session.logout();
    if (problem) notices.bad(words.nav.notLoggedOut, `${problem.message} ${problem.action ?? ''}`.trim());
  };
};
