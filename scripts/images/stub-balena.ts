import { appendFileSync, copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Stands in for balena's command line in tests: there is no account here. Refuses commands, flags and numbers of operands that are
 * not in balena-flags.json, writes down how it was called, and does to files what the real one would as far as tests look at it.
 * `stub-balena.ts FOLDER ARGUMENT…`
 */
interface Variable {
  id: number;
  name: string;
  value: string;
  deviceUUID: string;
  serviceName: string;
}

const known: Record<string, { operands: number; flags: string[] }> = JSON.parse(
  readFileSync(join(import.meta.dirname, 'balena-flags.json'), 'utf8'),
);
const withoutValue = new Set(['--json', '--config', '--yes', '--dev', '--quiet']);

function parse(args: readonly string[]): { command: string; operands: string[]; flags: Map<string, string> } {
  const command = [args.slice(0, 2).join(' '), args[0] ?? ''].find((name) => name in known);
  const rules = command === undefined ? undefined : known[command];
  if (command === undefined || !rules) throw new Error(`${args.slice(0, 2).join(' ')} is not a balena command`);
  const operands: string[] = [];
  const flags = new Map<string, string>();
  const words = args.slice(command.split(' ').length);
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (!word.startsWith('-')) operands.push(word);
    else if (!rules.flags.includes(word)) throw new Error(`Nonexistent flag: ${word}`);
    else if (withoutValue.has(word)) flags.set(word, 'yes');
    else {
      at += 1;
      flags.set(word, words[at] ?? '');
    }
  }
  if (operands.length !== rules.operands) throw new Error(`${command} takes ${rules.operands} operands, not ${operands.join(', ')}`);
  return { command, operands, flags };
}

function variablesIn(folder: string): Variable[] {
  const file = join(folder, 'variables.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
}

function act(folder: string, { command, operands, flags }: ReturnType<typeof parse>): void {
  const variables = variablesIn(folder);
  const save = (changed: Variable[]) => writeFileSync(join(folder, 'variables.json'), JSON.stringify(changed));
  const isConfig = ({ name }: Variable) => name.startsWith('BALENA_');
  const [first = '', value = ''] = operands;
  if (command === 'os download') copyFileSync(join(folder, 'os.img'), flags.get('--output') ?? '');
  if (command === 'env list') process.stdout.write(JSON.stringify(variables.filter((found) => isConfig(found) === flags.has('--config'))));
  if (command === 'env rm') save(variables.filter((found) => found.id !== Number(first) || isConfig(found) !== flags.has('--config')));
  if (command === 'env set') {
    const others = variables.filter(({ name }) => name !== first);
    save([...others, { id: 100 + variables.length, name: first, value, deviceUUID: '*', serviceName: '*' }]);
  }
}

const [folder = '', ...args] = process.argv.slice(2);
try {
  const call = parse(args);
  appendFileSync(join(folder, 'calls.jsonl'), `${JSON.stringify(args)}\n`);
  act(folder, call);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 2;
}
