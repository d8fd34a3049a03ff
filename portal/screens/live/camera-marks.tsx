import { words } from '../../format/words.ts';
import { Chip } from '../../parts/panel.tsx';
import type { Camera } from '../../store/model.ts';

/** What is going on at a camera, in one row. */
export const CameraMarks = ({ camera }: { camera: Camera }) => (
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
