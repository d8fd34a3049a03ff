/** Strength by length alone: rules about signs make passwords worse and are told so nowhere. */

export interface PasswordStrength {
  level: 'short' | 'fair' | 'good' | 'strong';
  /** 0 to 1, for a bar. */
  share: number;
  missing: number;
}

export const passwordStrength = (password: string, minLength: number): PasswordStrength => {
  const count = [...password].length;
  const level = count < minLength ? 'short' : count < minLength + 4 ? 'fair' : count < minLength + 8 ? 'good' : 'strong';
  return { level, share: Math.min(1, count / (minLength + 8)), missing: Math.max(0, minLength - count) };
};
