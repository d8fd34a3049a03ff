import { useEffect, useRef, useState } from 'preact/hooks';
import type { Problem } from '../store/problem.ts';

/** One thing at a time that may fail: whether it is under way, and why it failed last. */
export const useTask = () => {
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const isMounted = useRef(true);
  useEffect(() => {
    isMounted.current = true;
    return () => {
      isMounted.current = false;
    };
  }, []);
  const run = async (act: () => Promise<Problem | null>): Promise<boolean> => {
    if (isBusy) return false;
    setBusy(true);
    setProblem(null);
    const failed = await act();
    if (isMounted.current) {
      setBusy(false);
      setProblem(failed);
    }
    return failed === null;
  };
  return { isBusy, problem, run, clear: () => setProblem(null) };
};
