import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeDisk } from './box.ts';
import { runProgram } from './program.ts';

/** Drivers of what is around the device: three radios that hear one another, a cable, and what NetworkManager asks the kernel for. */
export const surroundingDrivers = [
  'mac80211_hwsim radios=3',
  ...['ccm', 'ctr', 'gcm', 'cmac', 'veth'],
  ...['nf_tables', 'nft_chain_nat', 'nft_masq', 'nft_ct', 'nft_reject_ipv4'],
];

/** The services of the host's operating system, and the programs of the hosts around it. */
const packages = [
  ...['dbus', 'udev', 'avahi-daemon', 'network-manager', 'wpasupplicant', 'dnsmasq-base', 'nftables'],
  ...['avahi-utils', 'libnss-mdns', 'hostapd', 'iw', 'iproute2', 'busybox', 'curl'],
];

const withoutReading = ['doc', 'man', 'locale', 'info'].map((name) => `--dpkgopt=path-exclude=/usr/share/${name}/*`);

/** A disk with Debian's own NetworkManager, avahi and so on, made once of its packages (some minutes) and kept in `folder`. */
export async function hostTree(folder: string): Promise<string> {
  const release = /^VERSION_CODENAME=(\w+)$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'stable';
  const disk = join(folder, `host-${release}.ext4`);
  if (existsSync(disk)) return disk;
  mkdirSync(folder, { recursive: true });
  const work = mkdtempSync(join(tmpdir(), 'host-tree-'));
  try {
    const root = join(work, 'root');
    const apt = ['--variant=apt', '--aptopt=Apt::Install-Recommends "false"', ...withoutReading, `--include=${packages.join(',')}`];
    await runProgram('mmdebstrap', ['--mode=root', ...apt, release, root]);
    await makeDisk(disk, { megabytes: 600, content: root });
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return disk;
}
