/** Doubles from `firstMs` to `mostMs`, each time between half and the whole of it, so that many viewers never come back at once. */
export const backoffMs = (attempt: number, random: () => number, firstMs = 1000, mostMs = 30_000): number => {
  const whole = Math.min(mostMs, firstMs * 2 ** Math.min(attempt, 20));
  return Math.round(whole / 2 + (whole / 2) * random());
};
