/** A camera that costs an emulated computer little: the bench's own clip, played in real time and recorded all the time. */
export const playedClip = { KERBEROS_CAMERAS: 'gate=/bench/clip.mp4', KERBEROS_RECORDING_MODE: 'continuous' } as const;

/** The same, recorded only when something asks for it. The demo camera, which it keeps away, would have to be encoded. */
export const waitingClip = {
  KERBEROS_CAMERAS: 'gate=/bench/clip.mp4',
  KERBEROS_RECORDING_MODE: 'events',
  AGENT_CAPTURE_MOTION: 'false',
} as const;
