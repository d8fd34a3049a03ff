import { join } from 'node:path';
import preact from '@preact/preset-vite';
import { defineConfig } from 'vitest/config';
import { ClosingLine } from './closing-line.ts';

const root = join(import.meta.dirname, '../..');

/** Groups run one after the other: what measures time or drives a browser must not share the machine with what only computes. */
const order = { computing: 0, processes: 1, browser: 2 };

/** How long something may take to come true: only a failing test waits that long, and a loaded machine still gets there. */
const patienceMs = 20_000;

export default defineConfig({
  root,
  test: {
    reporters: ['default', new ClosingLine(join(root, 'build/closing-line'), { everyKind: process.env['TEST_EVERY_KIND'] === 'yes' })],
    projects: [
      {
        test: {
          name: 'unit',
          root,
          include: ['device/**/*.test.ts'],
          exclude: ['**/*.integration.test.ts'],
          testTimeout: 30_000,
          sequence: { groupOrder: order.computing },
        },
      },
      {
        plugins: [preact()],
        test: {
          name: 'portal',
          root,
          include: ['portal/**/*.test.{ts,tsx}'],
          exclude: ['portal/e2e/**'],
          environment: 'happy-dom',
          testTimeout: 30_000,
          expect: { poll: { timeout: patienceMs } },
          sequence: { groupOrder: order.computing },
        },
      },
      {
        test: {
          name: 'check',
          root,
          include: ['scripts/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: order.computing },
        },
      },
      {
        test: {
          name: 'integration',
          root,
          include: ['device/**/*.integration.test.ts'],
          testTimeout: 120_000,
          expect: { poll: { timeout: patienceMs } },
          hookTimeout: 60_000,
          maxWorkers: 2,
          sequence: { groupOrder: order.processes },
        },
      },
      {
        test: {
          name: 'e2e',
          root,
          include: ['portal/e2e/**/*.e2e.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 1,
          fileParallelism: false,
          sequence: { groupOrder: order.browser },
        },
      },
    ],
  },
});
