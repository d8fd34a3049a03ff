import type { KeptText } from './kept-text.ts';
import type { KernelTree } from './kernel-tree.ts';

const place = 'sys/class/watchdog/watchdog0/bootstatus';
/** The kernel's WDIOF_CARDRESET: the machine was reset by its watchdog. */
const wasBitten = 0x20;

/** Why the machine started anew when its watchdog did it, once for each start of the machine; null otherwise, and where its driver does not tell. */
export async function watchdogReboot(tree: KernelTree, memory: KeptText): Promise<string | null> {
  const status = Number((await tree.read(place)) ?? '0');
  if ((status & wasBitten) === 0) return null;
  const bootId = (await tree.read('proc/sys/kernel/random/boot_id')) ?? 'unknown';
  if ((await memory.read().catch(() => null))?.trim() === bootId) return null;
  // Where it cannot be noted it is told again, which is better than not to start.
  await memory.write(`${bootId}\n`).catch(() => {});
  return 'The watchdog of the machine rebooted it: the program stood still and could not end itself.';
}
