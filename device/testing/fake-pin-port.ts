import type { PinsPort } from '#device/api/ports.ts';
import type { OutputUse, Pin } from '#device/contract/contract.ts';
import { Failure } from '#device/kernel/failure.ts';

const free: Pin = { line: 17, headerPin: 11, alsoKnownAs: null, use: null, active: null, owner: null, problem: null };

export const fakeSiren: OutputUse = {
  direction: 'output',
  kind: 'siren',
  name: 'Siren',
  activeLow: false,
  mode: 'by-hand',
  cameraIds: [],
  pulseMs: 1_000,
};

/** Pins that do what they are told, without wires; GPIO2 is another's. */
export function fakePins(): PinsPort {
  const pins = new Map<number, Pin>([17, 18].map((line) => [line, { ...free, line }]));
  const changed = (line: number, change: Partial<Pin>): Pin => {
    const pin = pins.get(line);
    if (!pin) throw new Failure('conflict', `GPIO${line} belongs to the bus.`, { action: 'Use another pin.' });
    pins.set(line, { ...pin, ...change });
    return { ...pin, ...change };
  };
  return {
    facts: async () => ({ chip: 'pinctrl-bcm2711', through: 'sysfs', pins: [...pins.values()] }),
    assign: async (line, use) => changed(line, { use, active: false }),
    clear: async (line) => void changed(line, { use: null, active: null }),
    test: async (line) => changed(line, { active: true }),
    switch: async (line, on) => changed(line, { active: on }),
  };
}
