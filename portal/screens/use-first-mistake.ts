import { useEffect } from 'preact/hooks';

/**
 * Whoever sends a form that is not right yet is led to its first mistake, in every form of the portal: a screen reader says the field and
 * what is wrong with it, and on a small screen it comes into view.
 */
export const useFirstMistake = () => {
  useEffect(() => {
    const lead = ({ target }: Event) => {
      if (!(target instanceof HTMLFormElement)) return;
      // What is wrong is marked when the page is drawn next.
      requestAnimationFrame(() => target.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
    };
    document.addEventListener('submit', lead);
    return () => document.removeEventListener('submit', lead);
  }, []);
};
