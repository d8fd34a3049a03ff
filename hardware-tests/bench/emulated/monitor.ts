import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { z } from 'zod';

const longestMs = 20_000;

/** Of all that the monitor says: its answers. Its greeting and what it tells unasked have neither field. */
const answerSchema = z.object({
  return: z.unknown().optional(),
  error: z.object({ desc: z.string() }).optional(),
  id: z.string().optional(),
});

/** Does something to an emulated computer from outside, through the socket of QEMU's monitor; answers when it is done. */
export async function tellMonitor(socketPath: string, command: string, what: Readonly<Record<string, unknown>>): Promise<void> {
  const socket = connect(socketPath);
  socket.setTimeout(longestMs, () => socket.destroy(new Error(`${command}: the monitor does not answer`)));
  // It takes nothing else before this.
  for (const execute of ['qmp_capabilities', command]) {
    socket.write(`${JSON.stringify({ execute, id: execute, ...(execute === command ? { arguments: what } : {}) })}\n`);
  }
  try {
    for await (const line of createInterface({ input: socket })) {
      const { id, error } = answerSchema.parse(JSON.parse(line));
      if (error) throw new Error(`${id ?? command}: ${error.desc}`);
      if (id === command) return;
    }
    throw new Error(`${command}: the monitor is gone`);
  } finally {
    socket.destroy();
  }
}
