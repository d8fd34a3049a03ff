import type { Box, MotionSettings } from '#device/contract/contract.ts';
import type { LumaPicture, StreamFormat, TimedPacket } from '#device/media/packet.ts';

/** The face of this room. Everything in it is pure: pictures and packets in, findings out. */

export interface MotionObservation {
  bootMs: number;
  /** 0 to 1: how strong the change is. */
  score: number;
  /** 0 to 1: from this score on it counts. */
  threshold: number;
  /** Where, strongest first; empty when nothing counts. */
  boxes: Box[];
  /** Names of the include zones touched. */
  zones: string[];
  /** The whole picture changed (light, IR cut, camera moved): nothing counts while the background is learnt anew. */
  globalChange: boolean;
}

export interface Detector {
  observe(picture: LumaPicture): MotionObservation;
  configure(settings: MotionSettings): void;
  /** Day turned into night or night into day: what was learnt of the picture is old. */
  lightChanged(): void;
}

export type MotionTransition =
  /** `startBootMs` is when the movement began, which is before it was confirmed. */
  | { phase: 'started'; startBootMs: number; score: number; boxes: Box[]; zones: string[]; bestBootMs: number }
  | { phase: 'updated'; startBootMs: number; score: number; boxes: Box[]; zones: string[]; bestBootMs: number }
  | { phase: 'ended'; startBootMs: number; endBootMs: number; score: number; boxes: Box[]; zones: string[]; bestBootMs: number };

/** Turns observations into events with a beginning and an end. */
export interface MotionTracker {
  observe(observation: MotionObservation): MotionTransition[];
  /** Time passes without pictures (a stalled camera): ends what has lasted too long without a sign. */
  tick(bootMs: number): MotionTransition[];
  /** The stream ended: whatever is on ends now. */
  stop(bootMs: number): MotionTransition[];
}

/** Watches packet sizes, decoding nothing, and says when it is worth decoding the group of pictures so far. */
export interface PacketGate {
  /** True when a decoder should wake. */
  observe(packet: TimedPacket): boolean;
  /** The decoder that was woken found nothing. */
  falseWake(): void;
}

export interface Detection {
  detector(settings: MotionSettings): Detector;
  tracker(): MotionTracker;
  gate(format: StreamFormat): PacketGate;
}
