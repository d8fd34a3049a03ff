import { type JoinNetwork, joinNetworkSchema } from '#device/contract/contract.ts';

/** A name, a passphrase and their escapes take less; a code can hold ten times as much. */
const longestText = 400;

/** `null`: a code of something else. */
export type WifiCode = { kind: 'network'; network: JoinNetwork } | { kind: 'unusable'; reason: string } | null;

/**
 * Reads `WIFI:T:WPA;S:name;P:passphrase;H:true;;`, as phones and routers print it: fields in any order, and a backslash before what is
 * not to be taken as a sign. Whoever holds the code is a stranger; what does not fit exactly is not joined.
 */
export function readWifiCode(text: string): WifiCode {
  if (!/^wifi:/i.test(text)) return null;
  if (text.length > longestText) return { kind: 'unusable', reason: 'the code is longer than that of a Wi-Fi network can be' };
  const fields = fieldsOf(text.slice('wifi:'.length));
  if (!fields) return { kind: 'unusable', reason: 'the code is cut off or not written as that of a Wi-Fi network' };
  const security = (fields.get('T') ?? '').toUpperCase();
  if (security === 'WEP') return { kind: 'unusable', reason: 'the network uses WEP, which protects nobody' };
  if (security.includes('EAP')) return { kind: 'unusable', reason: 'the network wants a login' };
  const isOpen = security === '' || security === 'NOPASS';
  const passphrase = fields.get('P') ?? '';
  if (!isOpen && passphrase === '') return { kind: 'unusable', reason: 'the code has no passphrase' };
  const network = joinNetworkSchema.safeParse({
    ssid: fields.get('S') ?? '',
    ...(passphrase === '' ? {} : { passphrase }),
    ...((fields.get('H') ?? '').toLowerCase() === 'true' ? { hidden: true } : {}),
  });
  if (!network.success) return { kind: 'unusable', reason: 'the name or the passphrase is none that a Wi-Fi network can have' };
  return { kind: 'network', network: network.data };
}

/** null for what does not end as such a code ends, or says something twice. */
function fieldsOf(text: string): ReadonlyMap<string, string> | null {
  const fields = new Map<string, string>();
  let rest = text;
  while (rest !== '' && rest !== ';') {
    const found = /^([A-Za-z0-9]+):((?:\\.|[^\\;])*);/.exec(rest);
    if (!found) return null;
    const [whole, name = '', value = ''] = found;
    const key = name.toUpperCase();
    if (fields.has(key)) return null;
    fields.set(key, value.replace(/\\(.)/g, '$1'));
    rest = rest.slice(whole.length);
  }
  return fields;
}
