/** What the lights have to tell, and how. Pure. */

export interface DeviceState {
  booting: boolean;
  claimed: boolean;
  /** It can be reached from elsewhere. */
  networkUp: boolean;
  /** Its own Wi-Fi is open, for somebody to give it a network. */
  setupOpen: boolean;
  /** Cameras that should deliver, and those that do. */
  camerasWanted: number;
  camerasOnline: number;
  recording: boolean;
  storageAlarm: boolean;
  updating: boolean;
  identifying: boolean;
}

export type Mood =
  | 'identify'
  | 'booting'
  | 'updating'
  | 'storage-alarm'
  | 'setup'
  | 'no-network'
  | 'unclaimed'
  | 'no-camera'
  | 'recording'
  | 'watching';

/** The one thing that a person on a ladder has to know first. */
export function moodOf(state: DeviceState): Mood {
  if (state.identifying) return 'identify';
  if (state.booting) return 'booting';
  if (state.updating) return 'updating';
  if (state.storageAlarm) return 'storage-alarm';
  // With its own Wi-Fi the device has an address, but leads nowhere yet.
  if (state.setupOpen) return 'setup';
  if (!state.networkUp) return 'no-network';
  if (!state.claimed) return 'unclaimed';
  if (state.camerasWanted === 0 || state.camerasOnline === 0) return 'no-camera';
  return state.recording ? 'recording' : 'watching';
}

/** Milliseconds lit and dark in turn, beginning lit. */
export type Rhythm = readonly number[];

const flashMs = 150;
const longFlashMs = 700;
const pauseMs = 1_600;

/** So many flashes, then a pause: on a light whose polarity is turned round they can still be counted. */
function flashes(count: number): Rhythm {
  return Array.from({ length: count }, (_, index) => [flashMs, index === count - 1 ? pauseMs : 2 * flashMs]).flat();
}

/** Never steady: a lit and a dark light may be the same light on the next board. */
export const rhythms: Readonly<Record<Mood, Rhythm>> = {
  identify: [70, 70],
  booting: [250, 250],
  updating: [1_000, 1_000],
  'storage-alarm': flashes(5),
  /** Long ones, which nobody takes for the short ones of having no network. */
  setup: [longFlashMs, 2 * flashMs, longFlashMs, pauseMs],
  'no-network': flashes(3),
  unclaimed: flashes(2),
  'no-camera': flashes(4),
  recording: flashes(1),
  watching: [50, 5_000],
};
