/** A camera that costs an emulated computer little: the bench's own clip, played in real time and recorded all the time. */
export const playedClip = { KERBEROS_CAMERAS: 'gate=/bench/clip.mp4', KERBEROS_RECORDING_MODE: 'continuous' } as const;
