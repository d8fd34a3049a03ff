import type { EventKind } from '#device/contract/contract.ts';

/** What the room needs of the others; assembly joins them. Calls return at once. */

export interface HardwareEvent {
  kind: Extract<EventKind, 'pin.input' | 'pin.output' | 'power.weak' | 'device.strained' | 'device.wedged' | 'access.reset'>;
  /** null for what concerns the whole device. */
  cameraId: string | null;
  message: string;
}

/** Where what happened is written down. */
export interface JournalPort {
  /** Something that lasts begins; under a key that is under way already nothing happens. */
  begin(key: string, event: HardwareEvent): void;
  /** It is over; nothing happens when it is not under way. */
  end(key: string): void;
  /** Something without a length. */
  record(event: HardwareEvent): void;
}
