/** A number as it is typed. `null` for an empty field, `undefined` for what is no number within the bounds. */
export const typedNumber = (text: string, least: number, most: number): number | null | undefined => {
  if (text.trim() === '') return null;
  const value = Number(text.trim().replace(',', '.'));
  return Number.isFinite(value) && value >= least && value <= most ? value : undefined;
};
