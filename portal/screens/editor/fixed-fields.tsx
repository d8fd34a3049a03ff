import type { ComponentChildren } from 'preact';
import { words } from '../../format/words.ts';
import { usePortal } from '../../store/portal.ts';

interface FixedFieldsProps {
  /** Dotted, e.g. `cameras.front.source`; those below it count too. */
  setting: string;
  children: ComponentChildren;
}

/** Fields that can be read and not changed when the environment decides them, and say so. */
export const FixedFields = ({ setting, children }: FixedFieldsProps) => {
  const { system } = usePortal();
  const fixed = system.settings.value.value?.fixedByEnvironment ?? [];
  const isFixed = fixed.some((name) => name === setting || name.startsWith(`${setting}.`));
  if (!isFixed) return <>{children}</>;
  return (
    <fieldset class="stack" disabled>
      <legend class="quiet">{words.system.fixed}</legend>
      {children}
    </fieldset>
  );
};
