import { relative } from 'node:path';

/** Something that changes a medium, or makes sure of it. Paths are relative to the traced folder; the folder itself is ''. */
export type DiskStep =
  /** Of a file that may be there already. */
  | { kind: 'create'; path: string }
  | { kind: 'make-folder'; path: string }
  | { kind: 'write'; path: string; offset: number; bytes: Uint8Array }
  | { kind: 'resize'; path: string; length: number }
  | { kind: 'rename'; path: string; to: string }
  | { kind: 'remove'; path: string }
  /** Of a file or a folder. */
  | { kind: 'sync'; path: string };

/** A step that was done, with its place in the order of all calls: one that ended before another began was done before it. */
export type DiskOperation = DiskStep & { began: number; ended: number /** Milliseconds since 1970. */; endedMs: number };

const calls = [
  ...['openat', 'creat', 'mkdir', 'mkdirat', 'mmap', 'io_uring_register'],
  ...['write', 'writev', 'pwrite64', 'pwritev', 'pwritev2', 'sendfile', 'splice', 'copy_file_range', 'fallocate', 'ftruncate', 'truncate'],
  ...['fsync', 'fdatasync', 'sync_file_range', 'msync', 'syncfs', 'sync'],
  ...['rename', 'renameat', 'renameat2', 'unlink', 'unlinkat', 'rmdir', 'link', 'linkat', 'symlink', 'symlinkat'],
];

/** What a program is run under so that `readTrace` understands `file`. The tracer is a grandchild: signals and the exit status are the program's own. */
export function tracedBy(file: string): string[] {
  return ['strace', '-D', '-f', '--seccomp-bpf', '-ttt', '-y', '-xx', '-s', '100000000', '-o', file, '-e', `trace=${calls.join(',')}`];
}

/** Whether the program with this id, and with it the trace of all it did, has come to its end. */
export function hasEnded(trace: string, pid: number): boolean {
  return new RegExp(`^${pid} +[0-9.]+ \\+\\+\\+ (exited|killed)`, 'm').test(trace);
}

interface Call {
  name: string;
  args: string;
  result: number;
  began: number;
  ended: number;
  endedMs: number;
}

/**
 * What was done below `folder`, in the order it was done. Throws for a change of files that is not understood: the trace would not
 * tell all. Shared memory of SQLite (`-shm`) is left out: it is made anew after a power cut.
 */
export function readTrace(text: string, folder: string): DiskOperation[] {
  const positions = new Map<string, number>();
  return callsIn(text, hex(folder)).flatMap((call) => {
    const { began, ended, endedMs } = call;
    const steps = stepsOf(call, folder, positions);
    return steps.filter((step) => !step.path.endsWith('-shm')).map((step) => ({ ...step, began, ended, endedMs }));
  });
}

function* linesOf(text: string): Generator<string> {
  for (let start = 0; start < text.length; ) {
    const found = text.indexOf('\n', start);
    const end = found === -1 ? text.length : found;
    yield text.slice(start, end);
    start = end + 1;
  }
}

/** Successful calls that name something in the folder; what another thread did in between stands between the halves of a call. */
function callsIn(text: string, folderInHex: string): Call[] {
  const found: Call[] = [];
  const halves = new Map<string, { start: string; began: number }>();
  let number = 0;
  for (const line of linesOf(text)) {
    number += 1;
    const [, pid = '', seconds = '', said = ''] = /^(\d+) +(\d+\.\d+) (.*)$/s.exec(line) ?? [];
    if (said.endsWith('<unfinished ...>')) {
      halves.set(pid, { start: said.slice(0, -'<unfinished ...>'.length), began: number });
      continue;
    }
    const [, rest] = /^<\.\.\. \w+ resumed>(.*)$/s.exec(said) ?? [];
    const half = rest === undefined ? undefined : halves.get(pid);
    const whole = half ? half.start + rest : said;
    if (!whole.includes(folderInHex)) continue;
    const [, name = '', args = '', result] = /^(\w+)\((.*)\) += (-?\d+)/s.exec(whole) ?? [];
    if (result === undefined) throw new Error(`not understood: ${whole.slice(0, 200)}`);
    if (Number(result) < 0) continue;
    found.push({
      name,
      args: args.trimEnd(),
      result: Number(result),
      began: half?.began ?? number,
      ended: number,
      endedMs: Number(seconds) * 1000,
    });
  }
  return found;
}

function stepsOf(call: Call, folder: string, positions: Map<string, number>): DiskStep[] {
  const { name, args, result } = call;
  // A file that has no name any more is gone with the power.
  if (/^\d+<[^>]*>\(deleted\)/.test(args)) return [];
  const strings = [...args.matchAll(/"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?/g)];
  if (strings.some(([, , cut]) => cut)) throw new Error(`${name}: not everything that was written is in the trace`);
  const texts = strings.map(([, text = '']) => Buffer.from(text.replaceAll('\\x', ''), 'hex'));
  const [, fd = '', fdInHex = ''] = /^(\d+)<([^>]*)>/.exec(args) ?? [];
  const path = relative(folder, fdInHex === '' ? String(texts[0] ?? '') : String(Buffer.from(fdInHex.replaceAll('\\x', ''), 'hex')));
  if (path.startsWith('..')) return [];
  const lastNumber = Number(/(\d+)$/.exec(args)?.[1]);
  switch (name) {
    case 'openat':
      return opened(args, path, () => positions.set(`${result} ${path}`, 0));
    case 'mkdir':
      return [{ kind: 'make-folder', path }];
    case 'write':
    case 'writev': {
      const offset = positions.get(`${fd} ${path}`) ?? 0;
      positions.set(`${fd} ${path}`, offset + result);
      return [{ kind: 'write', path, offset, bytes: Buffer.concat(texts).subarray(0, result) }];
    }
    case 'pwrite64':
    case 'pwritev':
      return [{ kind: 'write', path, offset: lastNumber, bytes: Buffer.concat(texts).subarray(0, result) }];
    case 'ftruncate':
      return [{ kind: 'resize', path, length: lastNumber }];
    case 'fsync':
    case 'fdatasync':
      return [{ kind: 'sync', path }];
    case 'rename':
      return [{ kind: 'rename', path, to: relative(folder, String(texts[1] ?? '')) }];
    case 'unlink':
    case 'rmdir':
      return [{ kind: 'remove', path }];
    case 'mmap':
      if (!(args.includes('PROT_WRITE') && args.includes('MAP_SHARED')) || isSharedMemory(args)) return [];
  }
  throw new Error(`the trace has no place for ${name}(${args.slice(0, 300)})`);
}

function opened(args: string, path: string, rewind: () => void): DiskStep[] {
  const changes = /O_WRONLY|O_RDWR/.test(args);
  if (!changes) return [];
  rewind();
  const steps: DiskStep[] = args.includes('O_CREAT') ? [{ kind: 'create', path }] : [];
  if (args.includes('O_TRUNC')) steps.push({ kind: 'resize', path, length: 0 });
  return steps;
}

function isSharedMemory(args: string): boolean {
  return args.includes(`${hex('-shm')}>`);
}

function hex(text: string): string {
  return [...Buffer.from(text)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
}
