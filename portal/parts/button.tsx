import type { IconNode } from 'lucide';
import type { ComponentChildren } from 'preact';
import { Icon } from './icon.tsx';
import { Spinner } from './spinner.tsx';

type Look = 'primary' | 'plain' | 'ghost' | 'danger';

interface ButtonProps {
  look?: Look;
  icon?: IconNode;
  busy?: boolean;
  disabled?: boolean;
  pressed?: boolean;
  type?: 'button' | 'submit';
  small?: boolean;
  title?: string;
  onClick?: (event: MouseEvent) => void;
  children: ComponentChildren;
}

const classOf = (look: Look, small: boolean | undefined) => `button button-${look}${small ? ' button-small' : ''}`;

export const Button = ({
  look = 'plain',
  icon,
  busy,
  disabled,
  pressed,
  type = 'button',
  small,
  title,
  onClick,
  children,
}: ButtonProps) => (
  <button
    type={type}
    class={classOf(look, small)}
    // A busy button stays focusable, so that the keyboard is not thrown out of the form.
    aria-disabled={busy || undefined}
    aria-pressed={pressed}
    disabled={disabled}
    title={title}
    onClick={busy ? (event) => event.preventDefault() : onClick}
  >
    {busy ? <Spinner /> : icon && <Icon of={icon} />}
    <span>{children}</span>
  </button>
);

interface IconButtonProps {
  icon: IconNode;
  label: string;
  pressed?: boolean;
  disabled?: boolean;
  look?: Look;
  small?: boolean;
  onClick?: (event: MouseEvent) => void;
}

export const IconButton = ({ icon, label, pressed, disabled, look = 'ghost', small, onClick }: IconButtonProps) => (
  <button
    type="button"
    class={`${classOf(look, small)} button-icon`}
    aria-label={label}
    title={label}
    aria-pressed={pressed}
    disabled={disabled}
    onClick={onClick}
  >
    <Icon of={icon} />
  </button>
);

interface LinkButtonProps {
  href: string;
  look?: Look;
  icon?: IconNode;
  small?: boolean;
  download?: string | boolean;
  title?: string;
  children: ComponentChildren;
}

export const LinkButton = ({ href, look = 'plain', icon, small, download, title, children }: LinkButtonProps) => (
  <a class={classOf(look, small)} href={href} title={title} {...(download === undefined ? {} : { download })}>
    {icon && <Icon of={icon} />}
    <span>{children}</span>
  </a>
);
