const usualPorts: Readonly<Record<string, string>> = { 'rtsp:': '554', 'rtsps:': '322' };

/** Whether both addresses lead to the same host and port in the same way, whatever the path. False for what is no RTSP address. */
export function isSameCameraAddress(one: string, other: string): boolean {
  const place = placeOf(one);
  return place !== null && place === placeOf(other);
}

/** Whether the address where a camera takes orders is on the host of the other one, whatever the port. */
export function isSameCameraHost(one: string, other: string): boolean {
  const host = hostOf(one);
  return host !== null && host === hostOf(other);
}

function hostOf(address: string): string | null {
  const url = URL.parse(address.trim());
  if (!url || !/^(rtsps?|https?):$/.test(url.protocol) || url.hostname === '') return null;
  return url.hostname.toLowerCase();
}

function placeOf(address: string): string | null {
  const url = URL.parse(address.trim());
  const usualPort = url ? usualPorts[url.protocol] : undefined;
  if (!url || usualPort === undefined || url.hostname === '') return null;
  return `${url.protocol}//${url.hostname.toLowerCase()}:${url.port || usualPort}`;
}
