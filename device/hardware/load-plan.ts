/** What is given up when the machine is hot or short of memory, in this order; recording never is. Pure. */
export const shedSteps = ['fewer-looks', 'no-event-pictures', 'no-decoding-between'] as const;
export type ShedStep = (typeof shedSteps)[number];

export const shedWords: Readonly<Record<ShedStep, string>> = {
  'fewer-looks': 'motion is looked for once a second',
  'no-event-pictures': 'events get no pictures',
  'no-decoding-between': 'motion is looked for in key pictures only',
};

export interface Strain {
  /** null where the machine does not tell. */
  celsius: number | null;
  /** 0 to 1, of all memory. */
  availableShare: number;
}

/** One for each step. A board slows itself down at 80 to 85 °C: what is shed before is shed by choice. */
const steps: readonly { celsius: number; availableShare: number }[] = [
  { celsius: 78, availableShare: 0.1 },
  { celsius: 80, availableShare: 0.07 },
  { celsius: 82, availableShare: 0.05 },
];
/** So much better it must be before a step is taken back. */
const relief = { celsius: 4, availableShare: 0.04 };

/** How many of the steps are to be taken: at most one more or one less than now. */
export function nextShedCount(now: number, { celsius, availableShare }: Strain): number {
  const isPast = (index: number, margin: { celsius: number; availableShare: number }): boolean => {
    const step = steps[index];
    if (!step) return false;
    const isHot = celsius !== null && celsius >= step.celsius - margin.celsius;
    return isHot || availableShare < step.availableShare + margin.availableShare;
  };
  if (isPast(now, { celsius: 0, availableShare: 0 })) return now + 1;
  if (now > 0 && !isPast(now - 1, relief)) return now - 1;
  return now;
}

/** In words: hot, short of memory, or both. */
export function strainWords({ celsius, availableShare }: Strain): string {
  const hot = celsius !== null && celsius >= (steps[0]?.celsius ?? 0) - relief.celsius ? [`it has ${Math.round(celsius)} °C`] : [];
  const short =
    availableShare < (steps[0]?.availableShare ?? 0) + relief.availableShare
      ? [`only ${Math.round(availableShare * 100)} % of its memory are free`]
      : [];
  return [...hot, ...short].join(' and ');
}
