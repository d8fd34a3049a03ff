import { bitRate, decimal, pictureSize, span } from '../format/amounts.ts';
import { words } from '../format/words.ts';
import { type Fact, Facts } from '../parts/panel.tsx';
import type { Camera } from '../store/model.ts';
import { usePortal } from '../store/portal.ts';

const names = words.camera.facts;
const codecNames = { h264: 'H.264', h265: 'H.265', mjpeg: 'MJPEG' };

const streamFacts = (camera: Camera): Fact[] => {
  const { stream } = camera.status;
  if (!stream) return [];
  const facts: (Fact | null)[] = [
    { label: names.picture, value: `${pictureSize(stream.width, stream.height)} ${codecNames[stream.videoCodec]}` },
    stream.framesPerSecond === null ? null : { label: names.rate, value: decimal(stream.framesPerSecond, 0) },
    stream.bitsPerSecond === null ? null : { label: names.bitRate, value: bitRate(stream.bitsPerSecond) },
    stream.keyIntervalMs === null ? null : { label: names.key, value: `${decimal(stream.keyIntervalMs / 1000)} s` },
    { label: names.sound, value: stream.audioCodec?.toUpperCase() ?? names.noSound },
  ];
  return facts.filter((fact) => fact !== null);
};

export const CameraFacts = ({ camera }: { camera: Camera }) => {
  const { clock, secondMs, time } = usePortal();
  const sinceMs = Date.parse(camera.status.since);
  // Read for its change alone: the age below grows with it.
  void secondMs.value;
  return (
    <Facts
      facts={[
        {
          label: names.state,
          value: (
            <span title={time.value.dateTime(sinceMs)}>
              {words.cameraState[camera.state]}, {span(clock.wallMs() - sinceMs)}
            </span>
          ),
        },
        ...streamFacts(camera),
        ...(camera.status.light ? [{ label: names.light, value: names.lights[camera.status.light.state] }] : []),
        { label: names.recording, value: words.mode[camera.recording.mode] },
        ...(camera.status.restarts > 0 ? [{ label: names.restarts, value: String(camera.status.restarts) }] : []),
      ]}
    />
  );
};
