import type { ComponentChildren } from 'preact';
import { useLayoutEffect } from 'preact/hooks';

interface PageProps {
  title: string;
  /** Shown before the title, e.g. the way back. */
  before?: ComponentChildren;
  beside?: ComponentChildren;
  actions?: ComponentChildren;
  product: string;
  width?: 'wide' | 'narrow';
  children: ComponentChildren;
}

/** A screen: names the document, and its heading takes the focus after a navigation. */
export const Page = ({ title, before, beside, actions, product, width = 'wide', children }: PageProps) => {
  useLayoutEffect(() => {
    document.title = `${title} · ${product}`;
  }, [title, product]);
  return (
    <div class={`page page-${width}`}>
      <header class="page-head">
        <div class="page-title">
          {before}
          <h1 tabIndex={-1}>{title}</h1>
          {beside}
        </div>
        {actions && <div class="page-actions">{actions}</div>}
      </header>
      {children}
    </div>
  );
};
