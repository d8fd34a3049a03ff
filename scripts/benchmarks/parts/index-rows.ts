import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface IndexFigure {
  rows: number;
  slowest: { name: string; p95Ms: number };
  questions: { name: string; p50Ms: number; p95Ms: number }[];
}

const program = fileURLToPath(new URL('../index-rows.ts', import.meta.url));
const rows = 1_000_000;

/** In a process of its own, so that nothing else that was measured is in its memory. */
export async function measureIndex(): Promise<IndexFigure> {
  const child = spawn(process.execPath, [program, String(rows)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  await once(child, 'close');
  const lines = [...said.matchAll(/^(\S.*?)\s+([\d.]+)\s+([\d.]+)\s+[\d.]+\s+[\d.]+ {2}\S/gm)];
  const questions = lines.map(([, name = '', p50 = '', p95 = '']) => ({ name, p50Ms: Number(p50), p95Ms: Number(p95) }));
  const slowest = questions.toSorted((one, other) => other.p95Ms - one.p95Ms)[0];
  if (!slowest) throw new Error(`the index could not be measured: ${said}`);
  return { rows, slowest, questions };
}
