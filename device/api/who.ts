/** Whoever did it, for what is written down. */
export function nameOf(identity: { via: string; name: string } | undefined | null): string {
  if (!identity) return 'nobody';
  return identity.via === 'token' ? `the token “${identity.name}”` : identity.name;
}
