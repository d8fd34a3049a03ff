import type { Detection } from './detection.ts';
import { MotionDetector } from './motion-detector.ts';
import { EventTracker } from './motion-tracker.ts';
import { SizeGate } from './packet-gate.ts';

/** Call once; every camera takes its own detector, tracker and gate from it. */
export function createDetection(): Detection {
  return {
    detector: (settings) => new MotionDetector(settings),
    tracker: () => new EventTracker(),
    gate: () => new SizeGate(),
  };
}
