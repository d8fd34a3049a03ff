import { createHash } from 'node:crypto';
import type { Finder, Finding } from '#device/cameras/discovery/discovery.ts';
import type { Capture } from '#device/capture/capture.ts';

type PiCamera = Awaited<ReturnType<Capture['piCameras']>>[number];

const wantedByDefault = { width: 1920, height: 1080, framesPerSecond: 15 } as const;

/** The cameras on the connectors of a Raspberry Pi. */
export function piFinder(capture: Pick<Capture, 'piCameras'>): Finder {
  return {
    find: async () => {
      const cameras = await capture.piCameras();
      return cameras.map((camera) => findingOf(camera, cameras));
    },
  };
}

function findingOf(camera: PiCamera, all: readonly PiCamera[]): Finding {
  const isFirst = camera === all[0];
  return {
    id: `pi-${createHash('sha256').update(camera.id).digest('hex').slice(0, 16)}`,
    kind: 'pi',
    name: all.length > 1 ? `Pi camera ${camera.index + 1}` : 'Pi camera',
    description: `Raspberry Pi camera ${camera.model}, up to ${camera.width}×${camera.height}`,
    source: { kind: 'pi', camera: camera.id, ...wantedByDefault },
    onvifUrl: null,
    hasPicture: true,
    notes: [],
    // A source that names none means the first one.
    isSource: (source) => source.kind === 'pi' && (source.camera === undefined ? isFirst : source.camera === camera.id),
  };
}
