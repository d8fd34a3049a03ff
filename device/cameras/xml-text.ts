/** Text of the first element of that name, whatever its prefix. Nothing in it can make the search take longer than the message is long. */
export function elementText(xml: string, name: string): string | null {
  const start = new RegExp(`<(?:[\\w-]{1,32}:)?${name}(?:\\s[^<>]{0,512})?>`).exec(xml);
  if (!start) return null;
  const from = start.index + start[0].length;
  const to = xml.indexOf('<', from);
  if (to < 0) return null;
  const text = decodeXml(xml.slice(from, to)).replace(/\s+/g, ' ').trim();
  return text === '' ? null : text;
}

function decodeXml(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" })[name] ?? '');
}
