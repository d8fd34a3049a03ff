/** The only door to the device. Stores take everything, types included, from here. */

export type {
  Box,
  Camera,
  CameraChange,
  CameraSource,
  CameraState,
  CameraStatus,
  CoverageSpan,
  CreatedToken,
  DeviceSettings,
  DeviceSettingsChange,
  Event,
  EventKind,
  Health,
  HealthCheck,
  LiveMessage,
  NewCamera,
  NewToken,
  ProbeResult,
  PublicCameraSource,
  Recording,
  RecordingMode,
  RecordingSettings,
  Scope,
  Session,
  StreamInfo,
  StreamMessage,
  System,
  Token,
  WeeklySchedule,
  Zone,
} from '#device/contract/contract.ts';
export { limits } from '#device/contract/limits.ts';
export { addresses } from './addresses.ts';
export type { Answer, Problem } from './answer.ts';
export { type Client, createClient, type Span } from './client.ts';
export { readLiveMessage, readStreamMessage, streamMessageTypes } from './live-messages.ts';
export { fetchPlaylistStart } from './playlist.ts';
export { fetchSnapshot, type Snapshot } from './snapshot.ts';
