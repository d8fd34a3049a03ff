import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseCameraDefinition } from '#device/settings/camera-definition.ts';
import { type Environment, type Ground, readEnvironment, readGround, readUsable } from '#device/settings/environment.ts';
import type { CommandLine } from './arguments.ts';

const checkout = fileURLToPath(new URL('../../data', import.meta.url));

type Variables = Readonly<Record<string, string | undefined>>;

export interface Whereabouts {
  /** The machine is for this alone. */
  isAppliance: boolean;
  /** The data folder. */
  root: string;
  /** Nobody named the data folder: it is where this kind of machine has it. */
  isUsualRoot: boolean;
  ground: Ground;
}

/** What a command works on. Nothing that stands in a variable makes this fail. */
export function whereabouts(line: CommandLine, variables: Variables): Whereabouts {
  const ground = readGround(variables);
  const isAppliance = variables['KERBEROS_APPLIANCE'] === '1' || variables['BALENA'] === '1';
  const named = line.data ?? ground.dataDirectory;
  const root = resolve(named ?? (isAppliance ? '/data' : checkout));
  return { isAppliance, root, isUsualRoot: named === undefined, ground };
}

/** What is asked for by the command line and the variables of the process. */
export interface Wishes {
  environment: Environment;
  port: number;
  host?: string;
}

/** A person at a terminal is refused what cannot be used; an appliance, to which nobody could say it, does without. */
export function wishesOf(line: CommandLine, variables: Variables, { isAppliance }: Pick<Whereabouts, 'isAppliance'>): Wishes {
  const read = isAppliance ? readUsable : readEnvironment;
  const environment = read(variables, {
    cameras: line.cameras.map((definition) => parseCameraDefinition(definition, '--camera')),
    knownNames: ['KERBEROS_APPLIANCE'],
  });
  const host = line.host ?? environment.process.host;
  const port = line.port ?? environment.process.port ?? (isAppliance ? 80 : 8080);
  return { environment, port, ...(host === undefined ? {} : { host }) };
}
