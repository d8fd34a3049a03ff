import type { IconNode } from 'lucide';
import { h } from 'preact';

interface IconProps {
  of: IconNode;
  size?: number;
  /** Without one the icon is decoration and hidden from screen readers. */
  label?: string;
}

const look = {
  class: 'icon',
  xmlns: 'http://www.w3.org/2000/svg',
  viewBox: '0 0 24 24',
  fill: 'none',
  stroke: 'currentColor',
  'stroke-width': '1.9',
  'stroke-linecap': 'round',
  'stroke-linejoin': 'round',
} as const;

export const Icon = ({ of, size = 18, label }: IconProps) => {
  const shapes = of.map(([tag, attributes]) => h(tag, attributes));
  if (!label)
    return (
      <svg aria-hidden="true" width={size} height={size} {...look}>
        {shapes}
      </svg>
    );
  return (
    <svg role="img" aria-label={label} width={size} height={size} {...look}>
      <title>{label}</title>
      {shapes}
    </svg>
  );
};
