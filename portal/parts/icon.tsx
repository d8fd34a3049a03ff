import type { IconNode } from 'lucide';
import { h } from 'preact';

interface IconProps {
  of: IconNode;
  size?: number;
  /** Without one the icon is decoration and hidden from screen readers. */
  label?: string;
}

export const Icon = ({ of, size = 18, label }: IconProps) => (
  <svg
    class="icon"
    xmlns="http://www.w3.org/2000/svg"
    width={size}
    height={size}
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    stroke-width="1.9"
    stroke-linecap="round"
    stroke-linejoin="round"
    {...(label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': 'true' as const })}
  >
    {of.map(([tag, attributes]) => h(tag, attributes))}
  </svg>
);
