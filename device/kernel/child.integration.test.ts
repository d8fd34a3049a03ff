import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { Child } from './child.ts';
import { systemClock } from './clock.ts';

vi.setConfig({ testTimeout: 40_000, hookTimeout: 40_000 });

const stubborn = fileURLToPath(new URL('../testing/stubborn-child.mjs', import.meta.url));
const mortal = fileURLToPath(new URL('../testing/mortal-parent.ts', import.meta.url));
const endlessScene = ['-v', 'error', '-re', '-f', 'lavfi', '-i', 'testsrc2', '-f', 'rawvideo', 'pipe:1'];

function isAlive(pid: number): boolean {
  if (!existsSync(`/proc/${pid}/stat`)) return false;
  return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
}

async function isGoneSoon(pid: number): Promise<boolean> {
  for (let round = 0; round < 50 && isAlive(pid); round += 1) await systemClock.sleep(100);
  return !isAlive(pid);
}

async function startStubborn(...manners: string[]): Promise<{ child: Child; brood: number }> {
  const child = new Child(process.execPath, [stubborn, ...manners], {
    clock: systemClock,
    ask: 'q',
    askMs: 100,
    terminateMs: 200,
    stderrTailLength: 1000,
  });
  const [said] = await once(child.stdout, 'data');
  return { child, brood: Number(String(said).split(' ')[1]) };
}

test('ffmpeg ends when it is asked', async () => {
  const child = new Child('ffmpeg', endlessScene, { clock: systemClock, ask: 'q', askMs: 5000 });
  child.stdout.resume();
  await once(child.stdout, 'data');
  expect(await child.stop()).toMatchObject({ code: 0, signal: null });
});

test('who ignores being asked is terminated', async () => {
  const { child } = await startStubborn();
  expect(await child.stop()).toMatchObject({ signal: 'SIGTERM' });
});

test('who ignores that too is killed, with all it started', async () => {
  const { child, brood } = await startStubborn('term', 'brood');
  expect(isAlive(brood)).toBe(true);
  const startMs = systemClock.boot();
  expect(await child.stop()).toMatchObject({ signal: 'SIGKILL' });
  expect(systemClock.boot() - startMs).toBeLessThan(2000);
  expect(await isGoneSoon(brood)).toBe(true);
});

test('stderr is kept to its bound and a second stop is harmless', async () => {
  const { child } = await startStubborn();
  await Promise.all([child.stop(), child.stop()]);
  expect(child.stderrTail().length).toBe(1000);
});

test('a program that does not exist is told, not thrown', async () => {
  const child = new Child('/no/such/program', [], { clock: systemClock });
  const exit = await child.exited;
  expect(exit.error !== null || exit.code === 127).toBe(true);
  expect(await child.stop()).toEqual(exit);
});

test('extra pipes carry bytes both ways', async () => {
  const child = new Child('/bin/sh', ['-c', 'cat <&3 >&4'], { clock: systemClock, extraPipes: 2 });
  child.pipe(3).end('through');
  const [bytes] = await once(child.pipe(4), 'data');
  expect(String(bytes)).toBe('through');
  await child.exited;
});

test.each([
  ['ffmpeg', endlessScene],
  [process.execPath, [stubborn, 'term']],
])('%s does not outlive a parent that was killed', async (program, args) => {
  const parent = spawn(process.execPath, [mortal, program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = await once(parent.stdout, 'data');
  const pid = Number(said);
  await systemClock.sleep(500);
  expect(isAlive(pid)).toBe(true);
  parent.kill('SIGKILL');
  await once(parent, 'exit');
  expect(await isGoneSoon(pid)).toBe(true);
});
