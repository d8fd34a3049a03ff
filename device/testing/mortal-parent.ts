import { Child } from '#device/kernel/child.ts';
import { systemClock } from '#device/kernel/clock.ts';

/** Starts the program of its arguments as the device would, says its process id, and waits to be killed. */
const [program = '', ...args] = process.argv.slice(2);
const child = new Child(program, args, { clock: systemClock, ask: 'q' });
child.stdout.resume();
process.stdout.write(`${child.pid}\n`);
await child.exited;
