import { ArrowLeft } from 'lucide';
import { words } from '../format/words.ts';
import { Icon } from '../parts/icon.tsx';

export const BackLink = ({ href = '/', label = words.camera.back }: { href?: string; label?: string }) => (
  <a class="page-back" href={href}>
    <Icon of={ArrowLeft} size={15} />
    {label}
  </a>
);
