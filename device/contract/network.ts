import { z } from 'zod';
import { limits } from './limits.ts';

/** `wep` and `enterprise` (a login of a person or certificate) cannot be joined from here. */
export const wifiSecuritySchema = z.enum(['open', 'wpa', 'wep', 'enterprise']).meta({ id: 'WifiSecurity' });
export type WifiSecurity = z.infer<typeof wifiSecuritySchema>;

/** One interface with which the device reaches others. */
export const networkLinkSchema = z
  .object({
    interface: z.string(),
    kind: z.enum(['ethernet', 'wifi']),
    /** `setup`: it carries the device's own access point. */
    state: z.enum(['connected', 'connecting', 'disconnected', 'unavailable', 'setup']),
    /** null unless Wi-Fi is connected. */
    ssid: z.string().nullable(),
    strengthPercent: z.number().nullable(),
    addresses: z.array(z.string()),
    gateway: z.string().nullable(),
  })
  .meta({ id: 'NetworkLink' });
export type NetworkLink = z.infer<typeof networkLinkSchema>;

export const wifiNetworkSchema = z
  .object({
    ssid: z.string(),
    /** Of its strongest access point. */
    strengthPercent: z.number(),
    security: wifiSecuritySchema,
    /** Its passphrase is kept, so that it is joined without being asked. */
    known: z.boolean(),
    connected: z.boolean(),
  })
  .meta({ id: 'WifiNetwork' });
export type WifiNetwork = z.infer<typeof wifiNetworkSchema>;

/** What became of the newest wish to join a network. */
export const wifiJoinSchema = z
  .object({
    ssid: z.string(),
    phase: z.enum(['joining', 'returning', 'joined', 'failed']),
    /** Why it failed. */
    message: z.string().nullable(),
    action: z.string().nullable(),
  })
  .meta({ id: 'WifiJoin' });
export type WifiJoin = z.infer<typeof wifiJoinSchema>;

export const networkSchema = z
  .object({
    /** Why the network cannot be looked at or changed from here; null when it can. */
    problem: z.string().nullable(),
    links: z.array(networkLinkSchema),
    /** Names of Wi-Fi networks whose passphrases are kept. */
    known: z.array(z.string()),
    join: wifiJoinSchema.nullable(),
    /** The device's own access point; null while it is closed. */
    setup: z.object({ ssid: z.string(), address: z.string() }).nullable(),
  })
  .meta({ id: 'Network' });
export type Network = z.infer<typeof networkSchema>;

const ssidSchema = z
  .string()
  .min(1)
  .refine((ssid) => new TextEncoder().encode(ssid).length <= limits.ssidBytes, `at most ${limits.ssidBytes} bytes`);

/** Without a passphrase: an open network, or one whose passphrase is kept. */
export const joinNetworkSchema = z
  .object({
    ssid: ssidSchema,
    passphrase: z
      .string()
      .regex(/^([ -~]{8,63}|[0-9a-fA-F]{64})$/, '8 to 63 plain characters, or 64 hexadecimal digits')
      .optional(),
    /** It does not tell its name; it is asked for. */
    hidden: z.boolean().optional(),
  })
  .meta({ id: 'JoinNetwork' });
export type JoinNetwork = z.infer<typeof joinNetworkSchema>;

export const forgetNetworkSchema = z.object({ ssid: ssidSchema }).meta({ id: 'ForgetNetwork' });

/** Another device of this kind on the same network. */
export const peerSchema = z
  .object({
    name: z.string(),
    /** Where its portal is, e.g. `http://192.168.1.21:8080`. */
    url: z.string(),
    version: z.string().nullable(),
    /** This device itself. */
    own: z.boolean(),
  })
  .meta({ id: 'Peer' });
export type Peer = z.infer<typeof peerSchema>;
