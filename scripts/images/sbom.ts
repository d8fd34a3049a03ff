import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** CycloneDX: the fields that are used here. */
interface Component {
  type: 'library' | 'application';
  name: string;
  version: string;
  purl: string;
  licenses?: { expression: string }[];
}

export interface Sbom {
  bomFormat: 'CycloneDX';
  specVersion: '1.5';
  version: 1;
  metadata: { timestamp: string; component: Component };
  components: Component[];
}

const manifestSchema = z.object({ name: z.string(), version: z.string(), license: z.unknown().optional() });

interface Contents {
  /** The file system of the image. */
  root: string;
  /** Where the device lies in it. */
  place: string;
  version: string;
  epochSeconds: number;
  nodeVersion: string;
}

/** Everything in the image that somebody else made and that may need an update one day: Debian's packages, Node, npm's packages. */
export function sbomOf({ root, place, version, epochSeconds, nodeVersion }: Contents): Sbom {
  const debian = debianPackages(readFileSync(join(root, 'var/lib/dpkg/status'), 'utf8'));
  const node: Component = { type: 'application', name: 'node', version: nodeVersion, purl: `pkg:generic/node@${nodeVersion}` };
  const components = [...debian, node, ...npmPackages(join(root, place, 'node_modules'))];
  const component: Component = { type: 'application', name: 'kerberos-edge', version, purl: `pkg:generic/kerberos-edge@${version}` };
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: { timestamp: new Date(epochSeconds * 1000).toISOString(), component },
    components: unique(components),
  };
}

/** The same package at the same version is one, however often it is installed. */
function unique(components: Component[]): Component[] {
  const byPurl = new Map(components.map((component) => [component.purl, component]));
  return [...byPurl.values()].sort((a, b) => (a.purl < b.purl ? -1 : 1));
}

function debianPackages(status: string): Component[] {
  return status.split('\n\n').flatMap((paragraph) => {
    const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(paragraph)?.[1];
    const [name, version, architecture] = ['Package', 'Version', 'Architecture'].map(field);
    if (name === undefined || version === undefined || !field('Status')?.endsWith(' installed')) return [];
    const purl = `pkg:deb/debian/${encodeURIComponent(name)}@${encodeURIComponent(version)}?arch=${architecture ?? 'all'}`;
    return [{ type: 'library', name, version, purl } satisfies Component];
  });
}

function npmPackages(folder: string): Component[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (!entry.isDirectory() || entry.name.startsWith('.')) return [];
    const path = join(folder, entry.name);
    return entry.name.startsWith('@') ? npmPackages(path) : [...npmPackage(path), ...npmPackages(join(path, 'node_modules'))];
  });
}

function npmPackage(folder: string): Component[] {
  const file = join(folder, 'package.json');
  const manifest = existsSync(file) ? manifestSchema.safeParse(JSON.parse(readFileSync(file, 'utf8'))) : null;
  if (!manifest?.success) return [];
  const { name, version, license } = manifest.data;
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
  const licenses = typeof license === 'string' && license !== '' ? { licenses: [{ expression: license }] } : {};
  return [{ type: 'library', name, version, purl, ...licenses }];
}
