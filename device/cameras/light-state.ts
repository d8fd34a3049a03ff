import type { CameraStatus } from '#device/contract/contract.ts';
import type { SensorLight } from './ports.ts';

interface LightPorts {
  bootMs(): number;
  wallOf(bootMs: number): number;
  /** Not called for what it finds first: nothing changed by that. */
  changed(state: SensorLight['state'], message: string): void;
}

/** Whether it is day or night for a camera's sensor, and since when; over all of its sessions. */
export class LightState {
  readonly #ports: LightPorts;
  #found: { state: SensorLight['state']; sinceBootMs: number } | null = null;

  constructor(ports: LightPorts) {
    this.#ports = ports;
  }

  /** Each session tells once what it finds; only what differs is news. */
  take({ state, lux, gain }: SensorLight): void {
    if (this.#found?.state === state) return;
    const isFirst = this.#found === null;
    this.#found = { state, sinceBootMs: this.#ports.bootMs() };
    if (!isFirst) this.#ports.changed(state, wordsOf(lux, gain));
  }

  status(): CameraStatus['light'] {
    return this.#found
      ? { state: this.#found.state, since: new Date(this.#ports.wallOf(this.#found.sinceBootMs)).toISOString() }
      : undefined;
  }
}

function wordsOf(lux: number | null, gain: number | null): string {
  const found = [lux === null ? null : `${lux.toFixed(1)} lux`, gain === null ? null : `gain ${gain.toFixed(1)}`];
  return `The sensor sees ${found.filter((part) => part !== null).join(', ') || 'the light change'}.`;
}
