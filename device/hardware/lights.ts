import { z } from 'zod';
import type { Logger } from '#device/kernel/logger.ts';
import type { KeptText } from './kept-text.ts';
import type { KernelTree } from './kernel-tree.ts';

/** The green and the red light of a board; before Linux 6.1 they were led0 and led1. */
const names = { activity: ['ACT', 'led0'], power: ['PWR', 'led1'] } as const;

export interface Light {
  readonly name: string;
  set(lit: boolean): Promise<void>;
  /** Gives it back to whatever it showed before. */
  restore(): Promise<void>;
}

export interface Lights {
  activity: Light | null;
  power: Light | null;
}

export interface LightsDeps {
  tree: KernelTree;
  logger: Logger;
  /** What the lights showed before is kept for as long as they are ours: a crash must not make it forgotten. */
  memory: KeptText;
}

const memorySchema = z.object({ bootId: z.string(), triggers: z.record(z.string(), z.string()) });

/** Takes the lights of the board. One that cannot be controlled is left as it is. */
export async function takeLights(deps: LightsDeps): Promise<Lights> {
  const bootId = (await deps.tree.read('proc/sys/kernel/random/boot_id')) ?? 'unknown';
  const before = await rememberedTriggers(deps.memory, bootId);
  const triggers: Record<string, string> = {};
  const found = { activity: await findLight(deps.tree, names.activity), power: await findLight(deps.tree, names.power) };
  for (const name of [found.activity, found.power]) {
    const trigger = name === null ? null : await currentTrigger(deps.tree, name);
    // "none" is what an earlier run of ours left when it died.
    if (name !== null && trigger !== null) triggers[name] = trigger === 'none' ? (before[name] ?? trigger) : trigger;
  }
  if (Object.keys(triggers).length > 0) await remember(deps, { bootId, triggers });
  const take = async (name: string | null): Promise<Light | null> => {
    const trigger = name === null ? undefined : triggers[name];
    return name === null || trigger === undefined ? null : takeLight(deps, name, trigger);
  };
  return { activity: await take(found.activity), power: await take(found.power) };
}

async function findLight(tree: KernelTree, candidates: readonly string[]): Promise<string | null> {
  const present = await tree.list('sys/class/leds');
  return candidates.find((name) => present.includes(name)) ?? null;
}

/** The one in brackets: `none mmc1 [mmc0] timer`. */
async function currentTrigger(tree: KernelTree, name: string): Promise<string | null> {
  const text = await tree.read(`sys/class/leds/${name}/trigger`);
  return text === null ? null : (/\[([^\]]+)\]/.exec(text)?.[1] ?? text);
}

async function takeLight({ tree, logger }: LightsDeps, name: string, trigger: string): Promise<Light | null> {
  const place = `sys/class/leds/${name}`;
  const brightest = Number((await tree.read(`${place}/max_brightness`)) ?? '255') || 255;
  const set = (lit: boolean): Promise<void> => tree.write(`${place}/brightness`, String(lit ? brightest : 0));
  const restore = (): Promise<void> => tree.write(`${place}/trigger`, trigger);
  try {
    await tree.write(`${place}/trigger`, 'none');
    await set(true);
    const [kept, level] = [await currentTrigger(tree, name), Number(await tree.read(`${place}/brightness`))];
    if (kept === 'none' && level > 0) return { name, set, restore };
    logger.info({ light: name }, 'this light of the board cannot be controlled');
    await restore();
  } catch (error) {
    logger.info({ light: name, err: error }, 'this light of the board cannot be controlled');
  }
  return null;
}

async function rememberedTriggers(kept: KeptText, bootId: string): Promise<Record<string, string>> {
  try {
    const memory = memorySchema.parse(JSON.parse((await kept.read()) ?? ''));
    return memory.bootId === bootId ? memory.triggers : {};
  } catch {
    return {};
  }
}

async function remember({ memory, logger }: LightsDeps, triggers: z.infer<typeof memorySchema>): Promise<void> {
  await memory
    .write(`${JSON.stringify(triggers)}\n`)
    .catch((error: unknown) => logger.warn({ err: error }, 'what the lights showed before could not be written down'));
}
