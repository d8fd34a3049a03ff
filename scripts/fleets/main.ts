import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { balena } from '../images/balena-cli.ts';
import { type Change, changesFor, mistakesIn, type Variable } from './changes.ts';

const wantedSchema = z.strictObject({
  hostConfig: z.record(z.string(), z.string()),
  variables: z.record(z.string(), z.string()),
  retired: z.array(z.string()),
});
const listedSchema = z.array(
  z.object({ id: z.number(), name: z.string(), value: z.string(), deviceUUID: z.string().optional(), serviceName: z.string().optional() }),
);
const defaultFile = join(import.meta.dirname, '../../image/host-config.json');
const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

/** `main.ts ORGANIZATION/NAME [--dry-run] [--file FILE]`: makes the fleet what the file says; twice is as good as once. */
async function main(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { 'dry-run': { type: 'boolean', default: false }, file: { type: 'string', default: defaultFile } },
  });
  const [fleet, ...more] = positionals;
  if (fleet === undefined || more.length > 0 || !/^[\w-]+\/[\w-]+$/.test(fleet)) throw new Error('Name one fleet as ORGANIZATION/NAME.');
  const wanted = wantedSchema.parse(JSON.parse(readFileSync(values.file, 'utf8')));
  const mistakes = mistakesIn(wanted);
  if (mistakes.length > 0) throw new Error(`${values.file}: ${mistakes.join('; ')}`);
  const changes = changesFor(wanted, { config: await listed(fleet, '--config'), variables: await listed(fleet) });
  if (changes.length === 0) say(`${fleet} is as it should be.`);
  for (const change of changes) {
    say(wordsFor(change));
    if (!values['dry-run']) await apply(fleet, change);
  }
}

/** Those of the whole fleet: what one device or service has of its own is left alone. */
async function listed(fleet: string, ...flags: string[]): Promise<Variable[]> {
  const all = listedSchema.parse(await balena.json('env', 'list', '--fleet', fleet, ...flags));
  const isEverybodys = (owner: string | undefined) => owner === undefined || owner === '*';
  return all.filter(({ deviceUUID, serviceName }) => isEverybodys(deviceUUID) && isEverybodys(serviceName));
}

async function apply(fleet: string, change: Change): Promise<void> {
  if (change.kind === 'set') await balena.show('env', 'set', change.name, change.value, '--fleet', fleet);
  else await balena.show('env', 'rm', String(change.id), '--yes', ...(change.isConfig ? ['--config'] : []));
}

function wordsFor(change: Change): string {
  if (change.kind === 'remove') return `${change.name} goes: no release needs it any more`;
  return `${change.name} becomes ${change.value}${change.before === null ? '' : ` (was ${change.before})`}`;
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`kerberos-edge: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
