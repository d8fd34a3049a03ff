/** The only door to the device. Stores take everything, types included, from here. */

export { isSameCameraAddress, isSameCameraHost } from '#device/contract/camera-address.ts';
export type {
  Camera,
  CameraChange,
  CameraControl,
  CameraSource,
  CameraStatus,
  CoverageSpan,
  DeviceSettings,
  DeviceSettingsChange,
  Discovery,
  Disk,
  Event,
  FoundCamera,
  Health,
  HealthCheck,
  JoinNetwork,
  LiveMessage,
  Network,
  NetworkLink,
  NewCamera,
  NewToken,
  NoticeKind,
  Peer,
  Pin,
  PinBoard,
  PinUse,
  ProbeResult,
  Ptz,
  PublicCameraSource,
  Recording,
  RecordingPlace,
  RecordingSettings,
  Reel,
  ReelSummary,
  Relay,
  Scope,
  StreamMessage,
  System,
  Token,
  UpdateStatus,
  WeeklySchedule,
  WifiNetwork,
  Zone,
} from '#device/contract/contract.ts';
export { limits } from '#device/contract/limits.ts';
export { noticeKinds } from '#device/contract/notice-kinds.ts';
export { addresses } from './addresses.ts';
export type { Answer, Problem } from './answer.ts';
export { type Client, createClient } from './client.ts';
export { readLiveMessage, readStreamMessage, streamMessageTypes } from './live-messages.ts';
export { fetchPlaylistAnchors, mediaMsAt, type PlaylistAnchor, wallMsAt } from './playlist.ts';
export { fetchSnapshot, type Snapshot } from './snapshot.ts';
