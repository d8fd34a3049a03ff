import type { Check, Problem } from './check.ts';
import { deviceRooms, portalRooms } from './rooms.ts';

const rule = 'places';

const top = [
  ...['package.json', 'tsconfig.json', 'device', 'portal', 'balena.yml', 'image', 'scripts', 'hardware-tests'],
  ...['README.md', 'LICENSE', 'CONTRIBUTING.md', 'CHANGELOG.md', 'package-lock.json', '.ci'],
];
const topDotFiles = ['.biome.json', '.dockerignore', '.editorconfig', '.gitattributes', '.gitignore', '.npmrc'];

const rooms: Record<string, { folders: readonly string[]; files: RegExp }> = {
  device: { folders: deviceRooms, files: /^(main\.ts|tsconfig(\.base)?\.json)$/ },
  portal: { folders: portalRooms, files: /^(main\.tsx|[a-z-]+\.tsx?|index\.html|tsconfig\.json|vite\.config\.ts)$/ },
};

/** Names that say nothing about what is inside. */
const emptyWords = ['util', 'utils', 'helper', 'helpers', 'manager', 'common', 'misc', 'stuff'];

/** Everything lies in the place that the architecture gave it, under a name that says what it is. */
export const placesCheck: Check = {
  name: rule,
  run(project) {
    const problems: Problem[] = [];
    for (const name of project.top) {
      if (!top.includes(name) && !topDotFiles.includes(name)) problems.push({ rule, file: name, message: 'does not belong at the top' });
    }
    for (const file of project.files) {
      const message = misplaced(file) ?? emptyName(file);
      if (message) problems.push({ rule, file, message });
    }
    return { read: project.files.length, problems };
  },
};

function misplaced(file: string): string | null {
  const [house = '', room = '', ...rest] = file.split('/');
  const known = rooms[house];
  if (!known || room === '') return null;
  if (rest.length === 0) return known.files.test(room) ? null : `does not belong beside the rooms of ${house}`;
  return known.folders.includes(room) ? null : `${house}/${room} is no room of the house`;
}

function emptyName(file: string): string | null {
  const parts = file.split(/[/.-]/);
  const empty = emptyWords.find((word) => parts.includes(word));
  return empty === undefined ? null : `"${empty}" says nothing about what is inside`;
}
