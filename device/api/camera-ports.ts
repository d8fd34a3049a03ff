import type {
  CameraControl,
  CameraControlChange,
  Discovery,
  OnvifDescription,
  OnvifLogin,
  Ptz,
  PtzMove,
  Relay,
} from '#device/contract/contract.ts';

export interface TimedJpeg {
  jpeg: Uint8Array;
  /** Milliseconds between the picture and now. */
  ageMs: number;
}

export interface DiscoveryPort {
  /** What is on the device, and what the network answered when it was asked last. */
  list(signal: AbortSignal): Promise<Discovery>;
  /** Asks the network too. */
  search(signal: AbortSignal): Promise<Discovery>;
  picture(id: string, signal: AbortSignal): Promise<TimedJpeg>;
}

/** What network cameras can be asked and told by ONVIF. */
export interface OnvifPort {
  describe(login: OnvifLogin, signal: AbortSignal): Promise<OnvifDescription>;
  ptz(cameraId: string, signal: AbortSignal): Promise<Ptz>;
  move(cameraId: string, move: PtzMove, signal: AbortSignal): Promise<void>;
  goTo(cameraId: string, presetId: string, signal: AbortSignal): Promise<void>;
  addPreset(cameraId: string, name: string, signal: AbortSignal): Promise<Ptz>;
  removePreset(cameraId: string, presetId: string, signal: AbortSignal): Promise<Ptz>;
}

/** Outputs that are wired to network cameras. `who` is written down. */
export interface RelaysPort {
  list(cameraId: string, signal: AbortSignal): Promise<Relay[]>;
  switch(cameraId: string, relayId: string, how: { on: boolean; who: string }, signal: AbortSignal): Promise<Relay>;
  pulse(cameraId: string, relayId: string, how: { durationMs: number; who: string }, signal: AbortSignal): Promise<Relay>;
}

export interface ControlsPort {
  /** Of the camera itself, as its driver keeps them; empty when it has none that can be reached. */
  list(cameraId: string, signal: AbortSignal): Promise<CameraControl[]>;
  set(cameraId: string, change: CameraControlChange, signal: AbortSignal): Promise<CameraControl[]>;
}
