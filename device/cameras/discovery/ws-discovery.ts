import { isIP } from 'node:net';
import { elementText } from '../xml-text.ts';

/** The messages of WS-Discovery that a camera search needs. What comes back is from anybody on the network. */

export interface ProbeMatch {
  /** The camera's own name for itself, mostly `urn:uuid:…`; the same wherever it answers from. */
  endpoint: string;
  /** Of its device service; always on the address that the answer came from. */
  onvifUrl: string;
  name: string | null;
  hardware: string | null;
}

const mostMessageLength = 16_384;
const mostNameLength = 48;

/** Asks for cameras (`dn:NetworkVideoTransmitter`) or for ONVIF devices of any kind (`tds:Device`): some answer only one of the two. */
export function probeMessage(messageId: string, type: 'dn:NetworkVideoTransmitter' | 'tds:Device'): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" xmlns:w="http://schemas.xmlsoap.org/ws/2004/08/addressing"',
    ' xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" xmlns:dn="http://www.onvif.org/ver10/network/wsdl"',
    ' xmlns:tds="http://www.onvif.org/ver10/device/wsdl"><e:Header>',
    `<w:MessageID>${messageId}</w:MessageID><w:To e:mustUnderstand="true">urn:schemas-xmlsoap-org:ws:2005:04:discovery</w:To>`,
    '<w:Action e:mustUnderstand="true">http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</w:Action></e:Header>',
    `<e:Body><d:Probe><d:Types>${type}</d:Types></d:Probe></e:Body></e:Envelope>`,
  ].join('');
}

/** null for everything that is not an answer to one of these questions. */
export function readProbeMatch(message: Uint8Array, senderAddress: string, messageIds: readonly string[]): ProbeMatch | null {
  if (message.length > mostMessageLength) return null;
  const xml = Buffer.from(message).toString('utf8');
  if (/<!(DOCTYPE|ENTITY)/i.test(xml) || !xml.includes('ProbeMatch')) return null;
  const relatesTo = elementText(xml, 'RelatesTo');
  if (relatesTo === null || !messageIds.includes(relatesTo)) return null;
  const endpoint = elementText(xml, 'Address');
  const onvifUrl = serviceAddress(elementText(xml, 'XAddrs') ?? '', senderAddress);
  if (endpoint === null || onvifUrl === null) return null;
  const scopes = elementText(xml, 'Scopes') ?? '';
  return { endpoint: endpoint.slice(0, 200), onvifUrl, name: scope(scopes, 'name'), hardware: scope(scopes, 'hardware') };
}

/** A camera may name any address at all, another machine's too: only the path and port of what it names are believed. */
function serviceAddress(addresses: string, sender: string): string | null {
  const urls = addresses
    .split(' ')
    .slice(0, 8)
    .map((address) => URL.parse(address))
    .filter((url) => url !== null && (url.protocol === 'http:' || url.protocol === 'https:'));
  const url = urls.find((candidate) => candidate?.hostname === sender) ?? urls[0];
  if (!url || isIP(sender) === 0) return null;
  url.hostname = isIP(sender) === 6 ? `[${sender}]` : sender;
  url.username = '';
  url.password = '';
  return url.href.length > 512 ? null : url.href;
}

/** `onvif://www.onvif.org/name/Front%20Door` */
function scope(scopes: string, kind: 'name' | 'hardware'): string | null {
  const text = new RegExp(`onvif://www\\.onvif\\.org/${kind}/([^\\s/]{1,256})`, 'i').exec(scopes)?.[1];
  if (text === undefined) return null;
  let decoded = text;
  try {
    decoded = decodeURIComponent(text);
  } catch {
    // Not escaped after all.
  }
  const clean = decoded
    .replace(/[\p{Cc}\p{Cf}\uFFFD_]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, mostNameLength);
  return clean === '' ? null : clean;
}
