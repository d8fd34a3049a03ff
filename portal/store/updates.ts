import type { Client, UpdateStatus } from '../api/api.ts';
import { loaded, loader } from './loaded.ts';
import { problemOf } from './problem.ts';

export type UpdatesClient = Pick<Client, 'updateStatus' | 'lookForUpdate' | 'restart' | 'reboot' | 'shutdown'>;
export type MachineCommand = 'restart' | 'reboot' | 'shutdown';

/** Releases of the device, and what the machine can be told. */
export const createUpdates = (client: UpdatesClient) => {
  const status = loaded<UpdateStatus>();
  const load = loader(status, (signal) => client.updateStatus(signal));
  return {
    status,
    load,
    look: async () => {
      const problem = problemOf(await client.lookForUpdate());
      if (!problem) await load();
      return problem;
    },
    command: async (command: MachineCommand) => problemOf(await client[command]()),
  };
};
