import { Variant } from '@jellybrick/dbus-next';

/** Settings of a connection as NetworkManager takes them. */
export type Profile = Record<string, Record<string, Variant>>;

export interface WifiWish {
  ssid: string;
  /** null: open. */
  passphrase: string | null;
  hidden: boolean;
}

/** What the device opens itself when it has no network. */
export interface AccessPointPlan {
  ssid: string;
  passphrase: string;
  address: string;
}

const text = (value: string): Variant => new Variant('s', value);
const flag = (value: boolean): Variant => new Variant('b', value);
const bytes = (value: string): Variant => new Variant('ay', Buffer.from(value, 'utf8'));

/** Two devices flashed alike must not get one id for two networks, so the daemon makes the uuid. */
export function clientProfile({ ssid, passphrase, hidden }: WifiWish): Profile {
  return {
    connection: { id: text(ssid), type: text('802-11-wireless'), autoconnect: flag(true) },
    '802-11-wireless': { ssid: bytes(ssid), mode: text('infrastructure'), ...(hidden ? { hidden: flag(true) } : {}) },
    ...(passphrase === null ? {} : { '802-11-wireless-security': { 'key-mgmt': text('wpa-psk'), psk: text(passphrase) } }),
    ipv4: { method: text('auto') },
    ipv6: { method: text('auto') },
  };
}

export const accessPointId = 'kerberos-setup';

/** Those that one may begin to send on in every country, and that do not overlap. */
const channels = [1, 6, 11] as const;

/**
 * Always the same for a name. NetworkManager by itself takes any channel that the radio has, by the name of the network too: for one name in
 * five it is 12, 13 or 14, on which a radio that was not told its country must stay silent, and the access point never comes up.
 */
function channelOf(ssid: string): number {
  const sum = Buffer.from(ssid, 'utf8').reduce((total, byte) => total + byte, 0);
  return channels[sum % channels.length] ?? channels[0];
}

/** WPA2 alone: an access point that also offers the first WPA can be broken into. */
export function accessPointProfile({ ssid, passphrase, address }: AccessPointPlan): Profile {
  const prefix = 24;
  return {
    connection: { id: text(accessPointId), type: text('802-11-wireless'), autoconnect: flag(false) },
    '802-11-wireless': { ssid: bytes(ssid), mode: text('ap'), band: text('bg'), channel: new Variant('u', channelOf(ssid)) },
    '802-11-wireless-security': {
      'key-mgmt': text('wpa-psk'),
      psk: text(passphrase),
      proto: new Variant('as', ['rsn']),
      pairwise: new Variant('as', ['ccmp']),
      group: new Variant('as', ['ccmp']),
    },
    ipv4: {
      method: text('shared'),
      'address-data': new Variant('aa{sv}', [{ address: text(address), prefix: new Variant('u', prefix) }]),
    },
    ipv6: { method: text('ignore') },
  };
}
