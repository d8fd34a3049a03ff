/** Addresses of what the browser loads by itself: pictures, video, downloads, streams. */

const iso = (ms: number) => encodeURIComponent(new Date(ms).toISOString());

const camera = (id: string) => `/api/cameras/${encodeURIComponent(id)}`;

export const addresses = {
  snapshot: (cameraId: string) => `${camera(cameraId)}/snapshot.jpg`,
  still: (cameraId: string) => `${camera(cameraId)}/still.jpg`,
  reelPicture: (cameraId: string, day: string, taken: string) =>
    `${camera(cameraId)}/time-lapse/${day}/pictures/${encodeURIComponent(taken)}.jpg`,
  reelFilm: (cameraId: string, day: string) => `${camera(cameraId)}/time-lapse/${day}/film.mp4?download=1`,
  foundPicture: (id: string) => `/api/discovery/${encodeURIComponent(id)}/snapshot.jpg`,
  live: (cameraId: string, origin: string) => `${origin.replace(/^http/, 'ws')}${camera(cameraId)}/live`,
  playlist: (cameraId: string, fromMs: number, toMs: number) => `${camera(cameraId)}/playlist.m3u8?from=${iso(fromMs)}&to=${iso(toMs)}`,
  export: (cameraId: string, fromMs: number, toMs: number) =>
    `${camera(cameraId)}/export.mp4?from=${iso(fromMs)}&to=${iso(toMs)}&download=1`,
  recording: (id: string) => `/api/recordings/${encodeURIComponent(id)}.mp4`,
  recordingDownload: (id: string) => `/api/recordings/${encodeURIComponent(id)}.mp4?download=1`,
  thumbnail: (recordingId: string) => `/api/recordings/${encodeURIComponent(recordingId)}/thumbnail.jpg`,
  eventPicture: (id: string) => `/api/events/${encodeURIComponent(id)}/picture.jpg`,
  stream: '/api/events/stream',
  reference: '/api/reference',
} as const;
