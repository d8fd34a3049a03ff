import { signal } from '@preact/signals';
import type { Problem } from '../api/api.ts';
import type { Clock } from './clock.ts';

export interface Notice {
  id: number;
  tone: 'good' | 'bad';
  text: string;
  detail: string | null;
}

const shownMs = { good: 4000, bad: 10_000 } as const;

/** Short messages about what was just done; they go by themselves or when dismissed. */
export const createNotices = (clock: Clock) => {
  const notices = signal<readonly Notice[]>([]);
  let nextId = 1;
  const dismiss = (id: number) => {
    notices.value = notices.value.filter((notice) => notice.id !== id);
  };
  const tell = (tone: Notice['tone'], text: string, detail: string | null = null) => {
    const id = nextId;
    nextId += 1;
    notices.value = [...notices.value.slice(-3), { id, tone, text, detail }];
    clock.after(shownMs[tone], () => dismiss(id));
  };
  return {
    notices,
    dismiss,
    good: (text: string) => tell('good', text),
    bad: (text: string, detail: string | null = null) => tell('bad', text, detail),
    problem: (problem: Problem) => tell('bad', problem.message, problem.action),
  };
};
