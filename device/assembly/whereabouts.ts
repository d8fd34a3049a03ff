import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseCameraDefinition } from '#device/settings/camera-definition.ts';
import { type Environment, readEnvironment } from '#device/settings/environment.ts';
import type { CommandLine } from './arguments.ts';

const checkout = fileURLToPath(new URL('../../data', import.meta.url));

export interface Whereabouts {
  environment: Environment;
  /** The machine is for this alone. */
  isAppliance: boolean;
  /** The data folder. */
  root: string;
  /** Nobody named the data folder: it is where this kind of machine has it. */
  isUsualRoot: boolean;
}

/** What a command works on, from its command line and the variables of the process. Throws a Failure for what cannot be read. */
export function whereabouts(line: CommandLine, variables: Readonly<Record<string, string | undefined>>): Whereabouts {
  const environment = readEnvironment(variables, {
    cameras: line.cameras.map((definition) => parseCameraDefinition(definition, '--camera')),
    knownNames: ['KERBEROS_APPLIANCE'],
  });
  const isAppliance = variables['KERBEROS_APPLIANCE'] === '1' || variables['BALENA'] === '1';
  const named = line.data ?? environment.process.dataDirectory;
  const root = resolve(named ?? (isAppliance ? '/data' : checkout));
  return { environment, isAppliance, root, isUsualRoot: named === undefined };
}
