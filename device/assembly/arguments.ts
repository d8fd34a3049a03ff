import { parseArgs } from 'node:util';
import { Failure } from '#device/kernel/failure.ts';

export const commandNames = ['run', 'check', 'doctor', 'backup', 'restore', 'reset-password', 'rescue'] as const;
export type CommandName = (typeof commandNames)[number];

export interface CommandLine {
  command: CommandName;
  /** The command was named, not taken for granted. */
  named: boolean;
  help: boolean;
  /** Everything below is absent when not given. */
  port?: number;
  host?: string;
  data?: string;
  /** NAME=URL as given. */
  cameras: string[];
  demo: boolean;
  repair: boolean;
  user?: string;
  /** What stands after the options, e.g. the file to restore. */
  operands: string[];
}

const help: Record<CommandName, string> = {
  run: `Usage: scripts/kerberos run [options]

Watches, records and serves the portal until it is stopped.

  --port NUMBER       port of the portal (default 8080; 80 on the appliance)
  --host ADDRESS      address to listen on (default: all)
  --data DIRECTORY    where settings and recordings are kept
  --camera NAME=URL   a camera: an rtsp:// or rtsps:// address, the whole path of a file, or demo; may be given several times
  --no-demo           no demo camera when there is no other`,
  check: `Usage: scripts/kerberos check [--data DIRECTORY] [--repair]

Proves that index and recordings agree. Stop the device first when repairing.
Exit status: 0 all is well (or was repaired), 1 something was found, 2 it could not be looked at.`,
  doctor: `Usage: scripts/kerberos doctor [--data DIRECTORY] [--port NUMBER]

Looks for what keeps the device from working on this machine and says what to do.
Exit status: 0 all is well, 1 something needs doing.`,
  backup: `Usage: scripts/kerberos backup [--data DIRECTORY] FILE

Writes settings, users and the journal of events to FILE (.tar.gz, readable by you alone). Recordings are not in it.`,
  restore: `Usage: scripts/kerberos restore [--data DIRECTORY] FILE

Puts a backup in place. The device must be stopped; what was there is kept beside it.`,
  'reset-password': `Usage: scripts/kerberos reset-password [--data DIRECTORY] [--user NAME]

Gives the owner a new password, read from standard input or made up and shown once. Ends all logins. Recordings stay.`,
  rescue: `Usage: scripts/kerberos rescue [--data DIRECTORY] [--host ADDRESS] [--port NUMBER]

For the appliance, when its data volume cannot be used: shows at the portal's address what is wrong and what to do, until it is mended.
Exit status: 0, at once when nothing is wrong.`,
};

const usage = `Usage: scripts/kerberos COMMAND [options]

Commands: ${commandNames.join(', ')}. Each explains itself with --help. Without a command the device is run.`;

/** null is for who asked without naming a command. */
export function helpOf(command: CommandName | null): string {
  return command === null ? `${usage}\n\n${help.run}` : help[command];
}

/** Throws Failure `invalid-input` in the words of the person at the terminal. */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const named = args[0] !== undefined && !args[0].startsWith('-');
  const [name = 'run', ...rest] = named ? args : ['run', ...args];
  const command = commandNames.find((known) => known === name);
  if (!command) {
    throw new Failure('invalid-input', `There is no command "${name}".`, { action: `Use one of: ${commandNames.join(', ')}.` });
  }
  const { values, positionals } = parse(command, rest);
  return {
    command,
    named,
    help: values.help ?? false,
    ...(values.port === undefined ? {} : { port: portOf(values.port) }),
    ...(values.host === undefined ? {} : { host: values.host }),
    ...(values.data === undefined ? {} : { data: values.data }),
    ...(values.user === undefined ? {} : { user: values.user }),
    cameras: values.camera ?? [],
    demo: !(values['no-demo'] ?? false),
    repair: values.repair ?? false,
    operands: positionals,
  };
}

const optionsOf: Record<CommandName, readonly string[]> = {
  run: ['port', 'host', 'data', 'camera', 'no-demo'],
  check: ['data', 'repair'],
  doctor: ['data', 'port'],
  backup: ['data'],
  restore: ['data'],
  'reset-password': ['data', 'user'],
  rescue: ['port', 'host', 'data'],
};

function parse(command: CommandName, args: string[]) {
  const parsed = parseAny(command, args);
  const action = `See: scripts/kerberos ${command} --help`;
  for (const [name, value] of Object.entries(parsed.values)) {
    if (name !== 'help' && !optionsOf[command].includes(name)) {
      throw new Failure('invalid-input', `The command ${command} takes no option --${name}.`, { action });
    }
    // As of a variable in a script that is not set: the folder one happens to be in is never what was meant.
    if (value === '') throw new Failure('invalid-input', `The option --${name} has no value.`, { action });
  }
  return parsed;
}

function parseAny(command: CommandName, args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: command === 'backup' || command === 'restore',
      options: {
        help: { type: 'boolean', short: 'h' },
        port: { type: 'string' },
        host: { type: 'string' },
        data: { type: 'string' },
        camera: { type: 'string', multiple: true },
        'no-demo': { type: 'boolean' },
        repair: { type: 'boolean' },
        user: { type: 'string' },
      },
    });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : 'The options could not be understood.';
    throw new Failure('invalid-input', message, { action: `See: scripts/kerberos ${command} --help`, cause });
  }
}

function portOf(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Failure('invalid-input', `"${text}" is not a port.`, { action: 'Give a number from 1 to 65535.' });
  }
  return port;
}
