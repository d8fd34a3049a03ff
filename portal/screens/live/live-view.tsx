import type { IconNode } from 'lucide';
import { CameraOff, Hourglass, Image } from 'lucide';
import type { ComponentChildren } from 'preact';
import { span } from '../../format/amounts.ts';
import { words } from '../../format/words.ts';
import { Icon } from '../../parts/icon.tsx';
import { Spinner } from '../../parts/spinner.tsx';
import { isStale } from '../../store/live-player/picture-age.ts';
import type { Camera } from '../../store/model.ts';
import { usePortal } from '../../store/portal.ts';
import { DetectorMeter, DetectorOverlay } from './detector-overlay.tsx';
import { LiveControls } from './live-controls.tsx';
import { type Live, useLive } from './use-live.ts';

const text = words.live;

interface LiveViewProps {
  camera: Camera;
  size: 'tile' | 'large';
  showDetector?: boolean;
}

/** The age of what is seen, whichever way it came; null while nothing is. */
const ageOf = (live: Live | null, nowMs: number): number | null => {
  if (!live) return null;
  const still = live.stills.latest.value;
  if (live.player.state.value.phase === 'still') return still ? (still.ageMs ?? 0) + Math.max(0, nowMs - still.arrivedAtMs) : null;
  return live.player.pictureAgeMs();
};

const Cover = ({ camera, hasPicture }: { camera: Camera; hasPicture: boolean }) => {
  if (camera.state === 'disabled') return <CoverNote icon={CameraOff} title={text.disabled} action={text.disabledAction} />;
  const { problem } = camera.status;
  if (camera.state === 'offline')
    return <CoverNote icon={CameraOff} title={problem?.message ?? text.offlineTitle} action={problem?.action ?? null} />;
  if (hasPicture) return null;
  return (
    <div class="cover cover-quiet">
      <Spinner />
      <p>{text.connecting}</p>
    </div>
  );
};

const CoverNote = ({ icon, title, action }: { icon: IconNode; title: string; action: string | null | undefined }) => (
  <div class="cover">
    <Icon of={icon} size={26} />
    <p class="cover-title">{title}</p>
    {action && <p>{action}</p>}
  </div>
);

const StillNote = ({ live, size }: { live: Live; size: LiveViewProps['size'] }) => {
  const because = live.player.state.value.stillBecause;
  if (!because) return null;
  const full = because.reason === 'no-mse' ? text.noMse : because.reason === 'codec' ? text.cannotPlay(because.what) : because.message;
  return (
    <p class="still-note" title={full}>
      <Icon of={Image} size={14} />
      <span>{size === 'tile' ? text.stillPictures : full}</span>
    </p>
  );
};

const StateMark = ({ camera, ageMs }: { camera: Camera; ageMs: number | null }): ComponentChildren => {
  if (camera.state !== 'disabled' && isStale(ageMs) && ageMs !== null)
    return (
      <span class="live-mark live-mark-old tabular">
        <Icon of={Hourglass} size={13} />
        {text.old(span(ageMs))}
      </span>
    );
  const isLive = camera.state === 'online' && ageMs !== null;
  return (
    <span class={`live-mark live-mark-${isLive ? 'online' : camera.state}`}>
      <span class="dot" />
      {isLive || camera.state !== 'online' ? words.cameraState[camera.state] : words.cameraState.connecting}
    </span>
  );
};

/** A camera's live picture with its age. What is old is grey and says so; it never looks live. */
export const LiveView = ({ camera, size, showDetector = false }: LiveViewProps) => {
  const portal = usePortal();
  const { frame, video, live, isBlocked } = useLive(portal, camera.id, camera.state !== 'disabled', size === 'large' ? 1000 : 3000);
  const state = live?.player.state.value ?? null;
  const still = live?.stills.latest.value ?? null;
  const ageMs = ageOf(live, portal.secondMs.value);
  const isLost = portal.connection.state.value.phase === 'lost';
  const isOld = ageMs !== null && (isStale(ageMs) || camera.state === 'offline');
  const hasPicture = ageMs !== null && (state?.phase !== 'still' || still !== null);
  const picture = { width: state?.size?.width ?? 16, height: state?.size?.height ?? 9 };
  return (
    <>
      <div class={`live live-${size}`} ref={frame} data-old={isOld || undefined}>
        <video
          ref={video}
          class="live-picture"
          muted
          playsInline
          disablePictureInPicture
          controls={isBlocked}
          tabIndex={isBlocked ? 0 : -1}
          aria-label={text.view(camera.name)}
        />
        {state?.phase === 'still' && still && <img class="live-picture" src={still.address} alt={text.view(camera.name)} />}
        {showDetector && live && !isOld && <DetectorOverlay detector={live.player.detector} picture={picture} />}
        {!(isLost && hasPicture) && <Cover camera={camera} hasPicture={hasPicture} />}
        <StateMark camera={camera} ageMs={ageMs} />
        {live && state?.phase === 'still' && <StillNote live={live} size={size} />}
        {size === 'large' && camera.state === 'online' && (
          <LiveControls frame={frame} video={video} hasSound={camera.status.stream?.audioCodec != null && state?.phase === 'playing'} />
        )}
      </div>
      {showDetector && live && <DetectorMeter detector={live.player.detector} isOff={!camera.motion.enabled} />}
    </>
  );
};
