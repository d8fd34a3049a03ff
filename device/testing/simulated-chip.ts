import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The kernel's simulated chip (gpio-sim), where somebody made one: its wires, seen and driven from the outside. */
export interface SimulatedChip {
  drive(line: number, high: boolean): void;
  isHigh(line: number): boolean;
}

const platform = '/sys/devices/platform';

/** null when there is none. */
export function findSimulatedChip(): SimulatedChip | null {
  const device = namesIn(platform).find((name) => name.startsWith('gpio-sim'));
  const chip = device && namesIn(join(platform, device)).find((name) => name.startsWith('gpiochip'));
  if (!device || !chip) return null;
  const folder = join(platform, device, chip);
  return {
    drive: (line, high) => writeFileSync(join(folder, `sim_gpio${line}/pull`), high ? 'pull-up' : 'pull-down'),
    isHigh: (line) => readFileSync(join(folder, `sim_gpio${line}/value`), 'latin1').trim() === '1',
  };
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
