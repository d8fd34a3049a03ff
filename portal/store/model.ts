/** What screens may know of the device's words; they never name the device themselves. */
export type {
  Camera,
  CameraSource,
  DeviceSettings,
  Event,
  HealthCheck,
  ProbeResult,
  Recording,
  RecordingSettings,
  Scope,
  System,
  Token,
  UpdateStatus,
  Zone,
} from '../api/api.ts';
