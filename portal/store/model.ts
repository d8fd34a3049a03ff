/** What screens may know of the device's words; they never name the device themselves. */
export type {
  Camera,
  CameraControl,
  CameraSource,
  DeviceSettings,
  Event,
  FoundCamera,
  HealthCheck,
  ProbeResult,
  Ptz,
  Recording,
  RecordingSettings,
  Scope,
  System,
  Token,
  Zone,
} from '../api/api.ts';
