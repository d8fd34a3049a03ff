import { words } from '../../format/words.ts';
import { Chip } from '../../parts/panel.tsx';
import type { Camera } from '../../store/model.ts';
import { usePortal } from '../../store/portal.ts';

/** What is going on at a camera, in one row. Without a connection nobody knows, and nothing is claimed. */
export const CameraMarks = ({ camera }: { camera: Camera }) => {
  const { connection } = usePortal();
  if (connection.state.value.phase === 'lost') return null;
  return (
    <>
      {camera.status.motionNow && (
        <Chip tone="motion" dot>
          {words.wall.motion}
        </Chip>
      )}
      {camera.status.recordingNow && (
        <Chip tone="bad" dot>
          {words.wall.recording}
        </Chip>
      )}
    </>
  );
};
