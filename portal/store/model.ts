/** What screens may know of the device's words; they never name the device themselves. */
export type {
  Camera,
  CameraSource,
  DeviceSettings,
  Event,
  HealthCheck,
  Network,
  NetworkLink,
  ProbeResult,
  Recording,
  RecordingSettings,
  Scope,
  System,
  Token,
  WifiNetwork,
  Zone,
} from '../api/api.ts';
