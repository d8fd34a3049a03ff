import type { CameraSet } from '#device/cameras/camera-set.ts';
import type { Cameras } from '#device/cameras/cameras.ts';
import { CameraControls } from '#device/cameras/discovery/camera-controls.ts';
import { CameraDiscovery } from '#device/cameras/discovery/discovery.ts';
import { networkFinder } from '#device/cameras/discovery/network-finder.ts';
import { usbFinder } from '#device/cameras/discovery/usb-finder.ts';
import { devChanged, UsbWatch } from '#device/cameras/discovery/usb-watch.ts';
import { systemRoots } from '#device/cameras/discovery/video-nodes.ts';
import { CameraRelays } from '#device/cameras/onvif/camera-relays.ts';
import { OnvifEventService } from '#device/cameras/onvif/event-service.ts';
import { EventWatches, type WatchedCamera } from '#device/cameras/onvif/event-watches.ts';
import { NetworkCameras } from '#device/cameras/onvif/network-cameras.ts';
import { onvifLoginOf } from '#device/cameras/onvif/onvif-login.ts';
import type { Clock } from '#device/kernel/clock.ts';
import type { Logger } from '#device/kernel/logger.ts';
import { piFinder } from './pi-finder.ts';
import type { Rooms } from './rooms.ts';
import { eventTeller } from './tell-event.ts';

interface JoinOptions {
  clock: Clock;
  logger: Logger;
  rooms: Rooms;
  set: CameraSet;
  cameras: Cameras;
}

export interface JoinedDiscovery {
  discovery: CameraDiscovery;
  controls: CameraControls;
  onvif: NetworkCameras;
  relays: CameraRelays;
  watch: UsbWatch;
  events: EventWatches;
}

const thumbnailWidth = 480;

/** Joins what finds cameras with what runs them. Nothing runs yet. */
export function joinDiscovery({ clock, logger, rooms, set, cameras }: JoinOptions): JoinedDiscovery {
  const { usb, capture, live } = rooms;
  const configured = () => set.pipelines().map(({ config }) => config);
  const discovery = new CameraDiscovery({
    clock,
    local: [usbFinder(usb), piFinder(capture)],
    network: networkFinder({ clock }),
    cameras: configured,
    still: (source, signal) => capture.preview(source, { maxWidth: thumbnailWidth }, signal),
    snapshot: (cameraId, signal) => live.snapshot(cameraId, signal),
  });
  const source = (cameraId: string) => set.pipeline(cameraId).config.source;
  const onvif = new NetworkCameras({ clock, source });
  const controls = new CameraControls({
    usb,
    network: onvif,
    source,
    save: async (cameraId, source) => {
      await cameras.change(cameraId, { source, saveAnyway: true });
    },
  });
  const watch = new UsbWatch({
    clock,
    logger,
    nodes: () => usb.nodes(),
    cameras: () =>
      set.pipelines().flatMap((pipeline) => {
        const { id, enabled, source } = pipeline.config;
        return enabled && source.kind === 'usb' ? [{ id, device: source.device, isOnline: pipeline.status().state === 'online' }] : [];
      }),
    openNow: (cameraId) => set.restart(cameraId),
    changed: (signal) => devChanged(systemRoots.dev, signal),
  });
  const events = new EventWatches({
    clock,
    logger,
    random: Math.random,
    cameras: () => watchedCameras(set),
    service: ({ login, streamUrl }) => new OnvifEventService({ clock, login, streamUrl }),
  });
  return { discovery, controls, onvif, relays: joinRelays(onvif, { clock, logger, rooms }), watch, events };
}

/** Those whose owner wants to hear what they notice, and of which it is known where they answer. */
function watchedCameras(set: CameraSet): WatchedCamera[] {
  return set.pipelines().flatMap(({ config: { id, enabled, source, notices }, notices: sink }) => {
    const login = onvifLoginOf(source);
    return enabled && notices.enabled && login && source.kind === 'rtsp' ? [{ id, sink, streamUrl: source.url, login }] : [];
  });
}

function joinRelays(onvif: NetworkCameras, { clock, logger, rooms }: Pick<JoinOptions, 'clock' | 'logger' | 'rooms'>): CameraRelays {
  const tell = eventTeller({ clock, logger, journal: rooms.journal });
  return new CameraRelays({
    clock,
    camera: (cameraId) => onvif.conversation(cameraId),
    switched: (cameraId, message) => {
      logger.info({ camera: cameraId }, message);
      tell({ cameraId, kind: 'pin.output', message });
    },
  });
}
