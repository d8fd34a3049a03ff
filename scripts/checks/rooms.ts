/** Who may import whom. The words of device/design/architecture.md as a table. */

const domainRooms = [
  'settings',
  'cameras',
  'capture',
  'detection',
  'events',
  'recordings',
  'live',
  'actions',
  'vault',
  'hardware',
  'network',
  'fleet',
  'access',
  'health',
] as const;

export const deviceRooms: readonly string[] = ['contract', 'kernel', 'media', ...domainRooms, 'api', 'assembly', 'testing', 'design'];
export const portalRooms: readonly string[] = ['api', 'store', 'screens', 'parts', 'format', 'style', 'e2e', 'public'];

export interface RoomRule {
  /** Rooms that may be imported, the room itself left out. */
  values: readonly string[];
  /** Further rooms of which only types may be imported. */
  types: readonly string[];
  /** Packages and built-in modules; undefined allows any. */
  packages?: RegExp;
}

const everyDeviceRoom = deviceRooms.filter((room) => room !== 'testing' && room !== 'design').map((room) => `device/${room}`);
const words = ['device/contract', 'device/kernel'];
const noBuiltins = /^(?!node:)/;
const nothing = /^(?!)/;

/** What the code of a room may import; rooms as `device/kernel`, `portal/store`; files beside them as `device`, `portal`. */
export const roomRules: Readonly<Record<string, RoomRule>> = {
  'device/contract': { values: [], types: [], packages: /^zod$/ },
  'device/kernel': { values: ['device/contract'], types: [] },
  'device/media': { values: words, types: [] },
  ...Object.fromEntries(domainRooms.map((room) => [`device/${room}`, { values: [...words, 'device/media'], types: [] }])),
  'device/api': { values: words, types: everyDeviceRoom },
  'device/assembly': { values: everyDeviceRoom, types: [] },
  'device/testing': { values: [...everyDeviceRoom, 'device'], types: [] },
  device: { values: everyDeviceRoom, types: [] },
  'portal/format': { values: [], types: [], packages: nothing },
  'portal/parts': { values: ['portal/format', 'portal/style'], types: [], packages: noBuiltins },
  'portal/api': { values: ['device/contract'], types: ['device/api'], packages: noBuiltins },
  'portal/store': { values: ['portal/api', 'portal/format'], types: [], packages: noBuiltins },
  'portal/screens': { values: ['portal/store', 'portal/parts', 'portal/format', 'portal/style'], types: [], packages: noBuiltins },
  'portal/style': { values: [], types: [], packages: nothing },
  'portal/e2e': { values: [...words, 'device/api', 'device/testing'], types: [] },
  portal: { values: portalRooms.filter((room) => room !== 'e2e').map((room) => `portal/${room}`), types: [] },
  scripts: { values: [...everyDeviceRoom, 'device/testing'], types: [] },
  'hardware-tests': { values: ['device/contract', 'device/testing'], types: ['device/api'] },
};

/** Rooms whose files may be imported by tests only. */
const testRooms = ['device/testing'];

export function isTest(file: string): boolean {
  return /\.test\.tsx?$/.test(file);
}

/** `device/kernel` for `device/kernel/clock.ts`, `device` for `device/main.ts`, null outside of all rooms. */
export function roomOf(file: string): string | null {
  const [top, room, ...rest] = file.split('/');
  if (top === undefined || room === undefined) return null;
  if (top === 'device' || top === 'portal') return rest.length === 0 ? top : `${top}/${room}`;
  return top in roomRules ? top : null;
}

/** A test may import what its room may, and the rooms made for tests. */
export function mayImport(from: string, room: string, target: string, typeOnly: boolean): boolean {
  if (room === target) return true;
  const rule = roomRules[room];
  if (!rule) return false;
  if (testRooms.includes(target) && isTest(from)) return true;
  return rule.values.includes(target) || (typeOnly && rule.types.includes(target));
}

/** Development tools around a room (its bundler's configuration, its tests) are not part of it. */
export function mayImportPackage(from: string, room: string, name: string): boolean {
  if (isTest(from) || /\.config\.ts$/.test(from)) return true;
  const allowed = roomRules[room]?.packages;
  return allowed === undefined || allowed.test(name);
}
