/** Takes away what nobody may read: the given secrets in every spelling they are known to take, and user information of any URL. */
export function scrub(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const secret of secrets) {
    for (const spelling of new Set([secret, encodeURIComponent(secret)])) {
      if (spelling.length > 0) clean = clean.replaceAll(spelling, '***');
    }
  }
  return clean.replace(/\b([a-z][a-z0-9+.-]{1,15}:\/\/)[^\s/'"]*@/gi, '$1***@');
}
