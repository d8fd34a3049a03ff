import type { HealthCheck } from '#device/contract/contract.ts';
import type { KernelTree } from './kernel-tree.ts';

/** What a card or soldered memory tells of its own wear. Most SD cards tell nothing. */
export interface CardWear {
  name: string;
  /** Of the part that is worn most, in steps of ten; 110 is beyond what it was made for. */
  usedPercent: number | null;
  /** How much of its spare blocks is gone. */
  spare: 'normal' | 'low' | 'gone' | null;
}

/** `0x01 0x03`: each a tenth of its life that has begun. */
export function usedPercentIn(text: string): number | null {
  const tenths = [...text.matchAll(/0x([0-9a-f]{1,2})/gi)].map(([, digits = '0']) => Number.parseInt(digits, 16));
  const known = tenths.filter((value) => value >= 1 && value <= 11);
  return known.length === 0 ? null : Math.max(...known) * 10;
}

const spares: Readonly<Record<string, CardWear['spare']>> = { '0x01': 'normal', '0x02': 'low', '0x03': 'gone' };

export async function readCardWear(tree: KernelTree): Promise<CardWear[]> {
  const cards: CardWear[] = [];
  for (const name of await tree.list('sys/block')) {
    if (!/^mmcblk\d+$/.test(name)) continue;
    const [life, spare] = await Promise.all(['life_time', 'pre_eol_info'].map((field) => tree.read(`sys/block/${name}/device/${field}`)));
    const wear = { name, usedPercent: usedPercentIn(life ?? ''), spare: spares[spare ?? ''] ?? null };
    if (wear.usedPercent !== null || wear.spare !== null) cards.push(wear);
  }
  return cards;
}

export function wearCheck({ name, usedPercent, spare }: CardWear): HealthCheck {
  const id = `storage.wear.${name}`;
  const figure = usedPercent === null ? {} : { value: usedPercent, unit: '%' };
  const action = 'Replace it soon, and take a backup before.';
  if (spare === 'gone' || (usedPercent ?? 0) > 100) {
    return { id, level: 'failed', message: `The memory ${name} is worn out by its own account.`, action, ...figure };
  }
  if (spare === 'low' || (usedPercent ?? 0) >= 90) {
    return { id, level: 'warning', message: `The memory ${name} is nearly worn out by its own account.`, action, ...figure };
  }
  const used = usedPercent === null ? '' : `: at most ${usedPercent} % of its life is used`;
  return { id, level: 'ok', message: `The memory ${name} is well by its own account${used}.`, ...figure };
}
