const idMaxLength = 40;

/** Words that mean something else where an id stands in an address. */
const reservedIds = new Set(['probe']);

/** Letters that Unicode does not take apart into a Latin letter and a mark. */
const simpleLetters: Record<string, string> = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', đ: 'd', ð: 'd', ł: 'l', þ: 'th', ı: 'i' };

/** A readable id of Latin letters, digits and hyphens for a camera's name, differing from all `taken` ones. */
export function cameraIdFor(name: string, taken: ReadonlySet<string>): string {
  const base = slugOf(name);
  if (!taken.has(base) && !reservedIds.has(base)) return base;
  for (let number = 2; ; number += 1) {
    const id = `${base}-${number}`;
    if (!taken.has(id)) return id;
  }
}

function slugOf(name: string): string {
  const plain = [...name.toLowerCase()].map((letter) => simpleLetters[letter] ?? letter).join('');
  const slug = plain
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, idMaxLength)
    .replace(/^-+|-+$/g, '');
  return slug === '' ? 'camera' : slug;
}
