import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parseSync } from 'vite';
import type { Check } from './check.ts';

const rule = 'budget';
const page = 'build/portal/index.html';
const limitBytes = 60_000;

/** What a browser must load before it shows anything: the page, its scripts and styles, and all that they import at once. Gzipped. */
export const budgetCheck: Check = {
  name: rule,
  run(project) {
    const folder = join(project.root, 'build/portal');
    if (!existsSync(join(project.root, page))) {
      return { read: 0, problems: [{ rule, file: page, message: 'is not built: npm run build' }] };
    }
    const sizes = firstLoad(folder);
    const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
    if (total <= limitBytes) return { read: sizes.size, problems: [] };
    const largest = [...sizes].sort((a, b) => b[1] - a[1]).map(([name, size]) => `${name} ${size}`);
    const message = `the first load takes ${total} bytes gzipped; ${limitBytes} are allowed (${largest.slice(0, 5).join(', ')})`;
    return { read: sizes.size, problems: [{ rule, file: page, message }] };
  },
};

/** Gzipped bytes by name. */
function firstLoad(folder: string): Map<string, number> {
  const html = readFileSync(join(folder, 'index.html'));
  const sizes = new Map([['index.html', gzipSync(html, { level: 9 }).length]]);
  const queue = [...html.toString().matchAll(/<(?:script|link)\b[^>]*>/g)].flatMap(([tag]) => loadedBy(tag));
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (sizes.has(name)) continue;
    const content = readFileSync(join(folder, name));
    sizes.set(name, gzipSync(content, { level: 9 }).length);
    if (name.endsWith('.js')) queue.push(...staticImports(name, content.toString()));
  }
  if (sizes.size === 1) throw new Error('the page loads no script');
  return sizes;
}

function loadedBy(tag: string): string[] {
  if (tag.startsWith('<link') && !/rel="?(stylesheet|modulepreload)/.test(tag)) return [];
  const address = /(?:src|href)="([^"]+)"/.exec(tag)?.[1];
  return address === undefined ? [] : [address.replace(/^\.?\//, '')];
}

function staticImports(name: string, code: string): string[] {
  const { module } = parseSync(name, code);
  const reexported = module.staticExports.flatMap(({ entries }) => entries.flatMap(({ moduleRequest }) => moduleRequest?.value ?? []));
  return [...module.staticImports.map(({ moduleRequest }) => moduleRequest.value), ...reexported].map((specifier) =>
    specifier.startsWith('/') ? specifier.slice(1) : posix.join(posix.dirname(name), specifier),
  );
}
