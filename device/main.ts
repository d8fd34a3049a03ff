import { readFileSync } from 'node:fs';
import { type CommandLine, helpOf, parseCommandLine } from './assembly/arguments.ts';
import { Failure } from './kernel/failure.ts';

/** How long a stop may take before it is forced: longer than the slowest camera's recording needs to be closed. */
const stopDeadlineMs = 9_500;

process.env['AVAHI_COMPAT_NOWARN'] = '1';
// The index, the events and their pictures are nobody else's business, also in a data folder that others may enter.
process.umask(0o027);
// Whoever reads what is said may go away at any time, as with `| head`: no reason to stop watching, nor to hang at the end.
for (const output of [process.stdout, process.stderr]) output.on('error', () => {});
const stop = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    stop.abort(new Failure('unavailable', `Stopped by ${signal}.`));
    setTimeout(() => process.exit(1), stopDeadlineMs).unref();
  });
}

try {
  const line = parseCommandLine(process.argv.slice(2));
  if (line.help) process.stdout.write(`${helpOf(line.named ? line.command : null)}\n`);
  else {
    const { execute } = await load(line);
    process.exitCode = await execute(line, {
      environment: process.env,
      say: (text) => process.stdout.write(`${text}\n`),
      typed: () => (process.stdin.isTTY ? '' : readFileSync(0, 'utf8').trim()),
      signal: stop.signal,
    });
  }
} catch (error) {
  process.exitCode = 2;
  if (!(error instanceof Failure)) throw error;
  process.stderr.write(`${error.message}${error.action === undefined ? '' : `\n${error.action}`}\n`);
  // What still hangs must not keep alive what has failed: whoever started it starts it anew.
  process.exit();
}

// Everything that is kept is on the disk by now: what is still being asked of a camera is not worth waiting for.
if (stop.signal.aborted) process.exit();

/** Everything else, which needs modules that are compiled for one machine. A release in which they do not fit is counted as one that fails. */
async function load(line: CommandLine) {
  try {
    return await import('./assembly/execute.ts');
  } catch (error) {
    if (line.command === 'run') {
      const { judgeUnloadable } = await import('./assembly/gate-alone.ts');
      await judgeUnloadable(line, process.env);
    }
    throw error;
  }
}
