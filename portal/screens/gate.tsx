import type { ComponentChildren } from 'preact';
import { useLayoutEffect } from 'preact/hooks';
import { words } from '../format/words.ts';
import { Logo } from '../parts/logo.tsx';

/** The page before the portal: one card in the middle. */
export const Gate = ({ title, lead, children }: { title: string; lead?: string; children: ComponentChildren }) => {
  useLayoutEffect(() => {
    document.title = `${title} · ${words.product}`;
  }, [title]);
  return (
    <main class="gate">
      <div class="gate-card">
        <div class="gate-brand">
          <Logo size={40} />
          <span>{words.product}</span>
        </div>
        <h1>{title}</h1>
        {lead && <p class="lead">{lead}</p>}
        {children}
      </div>
    </main>
  );
};
