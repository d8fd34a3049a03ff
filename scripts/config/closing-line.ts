import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Reporter, TestModule, Vitest } from 'vitest/node';

/**
 * Writes `N passed, N failed` to a file when the run has ended, for scripts/test to print last.
 * A file that cannot be loaded and an error outside of any test each count as one failed test. With `everyKind`, so does each
 * kind of tests (unit, portal, …) of which not one ran: a pattern that matches nothing must not pass.
 */
export class ClosingLine implements Reporter {
  readonly #path: string;
  readonly #everyKind: boolean;
  #vitest: Vitest | undefined;

  constructor(path: string, options: { everyKind: boolean }) {
    this.#path = path;
    this.#everyKind = options.everyKind;
  }

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    let passed = 0;
    let failed = unhandled.length;
    const ran = new Set<string>();
    for (const module of modules) {
      const tests = [...module.children.allTests()];
      const failedTests = tests.filter((test) => test.result().state === 'failed').length;
      const passedTests = tests.filter((test) => test.result().state === 'passed').length;
      passed += passedTests;
      failed += failedTests;
      if (failedTests === 0 && module.state() === 'failed') failed += 1;
      if (passedTests + failedTests > 0) ran.add(module.project.name);
    }
    const empty = this.#emptyKinds(ran);
    for (const name of empty) process.stderr.write(`No ${name} test ran.\n`);
    failed += empty.length;
    mkdirSync(dirname(this.#path), { recursive: true });
    writeFileSync(this.#path, `${passed} passed, ${failed} failed\n`);
    if (failed > 0 || passed === 0) process.exitCode = 1;
  }

  #emptyKinds(ran: ReadonlySet<string>): string[] {
    if (!this.#everyKind) return [];
    return (this.#vitest?.projects ?? []).map((project) => project.name).filter((name) => !ran.has(name));
  }
}
