import type { IconNode } from 'lucide';
import { Info, TriangleAlert } from 'lucide';
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { Icon } from './icon.tsx';

interface PanelProps {
  title: string;
  icon?: IconNode;
  aside?: ComponentChildren;
  tone?: 'danger';
  children: ComponentChildren;
}

/** A titled section. */
export const Panel = ({ title, icon, aside, tone, children }: PanelProps) => {
  const id = useId();
  return (
    <section class={`panel${tone ? ` panel-${tone}` : ''}`} aria-labelledby={id}>
      <header class="panel-head">
        <h2 id={id}>
          {icon && <Icon of={icon} />}
          {title}
        </h2>
        {aside}
      </header>
      {children}
    </section>
  );
};

interface EmptyProps {
  icon: IconNode;
  title: string;
  text: string;
  children?: ComponentChildren;
}

export const Empty = ({ icon, title, text, children }: EmptyProps) => (
  <div class="empty">
    <span class="empty-icon">
      <Icon of={icon} size={28} />
    </span>
    <h2>{title}</h2>
    <p>{text}</p>
    {children && <div class="row row-center">{children}</div>}
  </div>
);

interface ProblemBoxProps {
  message: string;
  action?: string | null | undefined;
  tone?: 'bad' | 'note' | 'good';
  children?: ComponentChildren;
}

/** What went wrong and what to do, announced at once. */
export const ProblemBox = ({ message, action, tone = 'bad', children }: ProblemBoxProps) => (
  <div class={`problem problem-${tone}`} role={tone === 'bad' ? 'alert' : 'status'}>
    <Icon of={tone === 'bad' ? TriangleAlert : Info} />
    <div>
      <p>
        <strong>{message}</strong>
      </p>
      {action && <p>{action}</p>}
      {children}
    </div>
  </div>
);

export interface Fact {
  label: string;
  value: ComponentChildren;
}

export const Facts = ({ facts }: { facts: readonly Fact[] }) => (
  <dl class="facts">
    {facts.map(({ label, value }) => (
      <div key={label}>
        <dt>{label}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
);

interface ChipProps {
  tone?: 'neutral' | 'good' | 'warn' | 'bad' | 'accent' | 'motion' | 'manual' | 'continuous';
  icon?: IconNode;
  dot?: boolean;
  children: ComponentChildren;
}

export const Chip = ({ tone = 'neutral', icon, dot, children }: ChipProps) => (
  <span class={`chip chip-${tone}`}>
    {dot && <span class="dot" />}
    {icon && <Icon of={icon} size={14} />}
    {children}
  </span>
);
