import { runProgram } from './program.ts';

/** balena's command line, found on PATH, with the login that it has. */
export const balena = {
  /** Shows its progress to the person at the terminal. */
  async show(...args: string[]): Promise<void> {
    await runProgram('balena', args, { show: true });
  },
  async json(...args: string[]): Promise<unknown> {
    return JSON.parse(await runProgram('balena', [...args, '--json']));
  },
};
