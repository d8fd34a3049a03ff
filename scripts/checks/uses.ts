import type { Check, Problem } from './check.ts';
import { isTest } from './rooms.ts';

const rule = 'uses';

/** Real processes need real waiting, and the last deadline of a stop must hang on nothing; the simulated rooms never wait. */
function mayWait(file: string): boolean {
  return (
    file === 'device/kernel/clock.ts' ||
    file === 'device/main.ts' ||
    file.startsWith('device/testing/') ||
    file.endsWith('.integration.test.ts')
  );
}

function mayAskProcess(file: string, name: string): boolean {
  if (file === 'device/main.ts') return true;
  return name === 'process.env' && (isTest(file) || file.startsWith('device/testing/'));
}

function judge(file: string, name: string): string | null {
  if (name === 'process.env' || name === 'process.exit') {
    return mayAskProcess(file, name) ? null : `${name} belongs to device/main.ts; take what you need as an argument`;
  }
  return mayWait(file) ? null : `${name} belongs to device/kernel/clock.ts; take a Clock as an argument`;
}

/** Time and the process are dependencies: the device asks for them in one place each, and the portal's pure files never. */
export const usesCheck: Check = {
  name: rule,
  run(project) {
    const sources = project.sources('device', 'portal/format');
    const problems: Problem[] = [];
    for (const file of sources) {
      const { uses, imports } = project.module(file);
      for (const { name, line } of uses) {
        const message = judge(file, name);
        if (message) problems.push({ rule, file, line, message });
      }
      for (const { specifier, line } of imports) {
        if (/^node:timers/.test(specifier) && !mayWait(file))
          problems.push({ rule, file, line, message: `${specifier} belongs to device/kernel/clock.ts` });
        if (specifier === 'node:process') problems.push({ rule, file, line, message: 'process is a global here; import nothing of it' });
      }
    }
    return { read: sources.length, problems };
  },
};
