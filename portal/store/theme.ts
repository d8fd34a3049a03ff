import { signal } from '@preact/signals';

export type Theme = 'auto' | 'light' | 'dark';
const storageKey = 'theme';

interface ThemeDeps {
  root: { dataset: DOMStringMap };
  storage: Pick<Storage, 'getItem' | 'setItem'>;
}

export const createTheme = ({ root, storage }: ThemeDeps) => {
  const kept = storage.getItem(storageKey);
  const theme = signal<Theme>(kept === 'light' || kept === 'dark' ? kept : 'auto');
  const show = () => {
    if (theme.value === 'auto') delete root.dataset['theme'];
    else root.dataset['theme'] = theme.value;
  };
  show();
  return {
    theme,
    choose: (next: Theme) => {
      theme.value = next;
      storage.setItem(storageKey, next);
      show();
    },
  };
};
export type ThemeStore = ReturnType<typeof createTheme>;
