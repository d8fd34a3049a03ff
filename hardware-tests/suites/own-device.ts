import type { Bench, PowerOn } from '../bench/bench.ts';
import { Portal, until } from '../bench/portal.ts';

/** Long enough for a fresh volume and cores that others use too. */
const withinMs = 400_000;

/** From power on until its owner is in, and how long it took until the portal answered. */
export async function powerOnAndEnter(bench: Bench, how: PowerOn): Promise<{ portal: Portal; seconds: number }> {
  const sinceMs = performance.now();
  await bench.powerOn(how);
  const portal = new Portal(bench);
  const seconds = await until('the portal answers', () => portal.answers(), { withinMs, sinceMs });
  await portal.enter();
  return { portal, seconds };
}

/** A volume that was never used, where the bench has one to give. */
export function freshOrKept(bench: Bench): PowerOn['data'] {
  return bench.lacks('fresh-volume') === null ? 'fresh' : 'kept';
}
