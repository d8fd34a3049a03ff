import { localAddresses } from '#device/health/system.ts';

interface GreetingOptions {
  version: string;
  port: number;
  host: string | undefined;
  claimed: boolean;
  hostName: string;
}

/** Tells the person at the terminal where to look. */
export function greeting({ version, port, host, claimed, hostName }: GreetingOptions): string {
  const suffix = port === 80 ? '' : `:${port}`;
  const lines = [`Kerberos Edge ${version} is running. Look at:`];
  if (host === undefined || isAnywhere(host)) {
    lines.push(`  http://localhost${suffix}  on this machine`);
    lines.push(`  http://${hostName}.local${suffix}  on your network, where names are announced`);
    for (const address of localAddresses().filter((found) => !found.includes(':'))) lines.push(`  http://${address}${suffix}`);
  } else {
    lines.push(`  http://${host.includes(':') ? `[${host}]` : host}${suffix}`);
  }
  if (!claimed) lines.push('It belongs to nobody yet: whoever looks first from your own network chooses user name and password.');
  return lines.join('\n');
}

function isAnywhere(host: string): boolean {
  return host === '::' || host === '0.0.0.0';
}
