// A program that resists: ignores what is said on stdin and, with "term", SIGTERM too. "brood" starts a child that resists as well.
import { spawn } from 'node:child_process';

const manners = process.argv.slice(2);
process.stdin.resume();
process.on('SIGHUP', () => {});
process.stdout.on('error', () => {});
if (manners.includes('term')) process.on('SIGTERM', () => {});
let brood = 0;
if (manners.includes('brood')) brood = spawn(process.execPath, [import.meta.filename, 'term'], { stdio: ['pipe', 'ignore', 'ignore'] }).pid;
process.stderr.write('x'.repeat(50_000));
process.stdout.write(`ready ${brood}\n`);
setInterval(() => {}, 1000);
