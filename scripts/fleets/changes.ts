/** A variable of a fleet as balena's command line lists it. */
export interface Variable {
  id: number;
  name: string;
  value: string;
}

export interface Wanted {
  hostConfig: Readonly<Record<string, string>>;
  variables: Readonly<Record<string, string>>;
  /** Names that a release of ours once set and that must be gone. */
  retired: readonly string[];
}

export type Change =
  | { kind: 'set'; name: string; value: string; before: string | null }
  | { kind: 'remove'; id: number; name: string; isConfig: boolean };

/** balena keeps these apart from variables of programs. */
function isConfigName(name: string): boolean {
  return /^(BALENA|RESIN)_/.test(name);
}

/** What is not as wanted. What somebody else has set is nobody's business here. */
export function changesFor(wanted: Wanted, found: { config: readonly Variable[]; variables: readonly Variable[] }): Change[] {
  const all = [...found.config, ...found.variables];
  const set = Object.entries({ ...wanted.hostConfig, ...wanted.variables }).flatMap(([name, value]): Change[] => {
    const before = all.find((variable) => variable.name === name)?.value ?? null;
    return before === value ? [] : [{ kind: 'set', name, value, before }];
  });
  const removed = all
    .filter(({ name }) => wanted.retired.includes(name))
    .map(({ id, name }): Change => ({ kind: 'remove', id, name, isConfig: isConfigName(name) }));
  return [...set, ...removed];
}

/** Names in the wrong list, or wanted and retired at once. */
export function mistakesIn({ hostConfig, variables, retired }: Wanted): string[] {
  const names = [...Object.keys(hostConfig), ...Object.keys(variables)];
  return [
    ...Object.keys(hostConfig).flatMap((name) => (isConfigName(name) ? [] : [`${name} is no host configuration: it begins with BALENA_`])),
    ...Object.keys(variables).flatMap((name) => (isConfigName(name) ? [`${name} is host configuration`] : [])),
    ...retired.flatMap((name) => (names.includes(name) ? [`${name} is wanted and retired`] : [])),
  ];
}
