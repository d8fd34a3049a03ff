import { createHash } from 'node:crypto';
import type { CameraSource } from '#device/contract/contract.ts';
import type { Finder, Finding } from './discovery.ts';
import type { UsbCamera, UsbCameras } from './usb-cameras.ts';
import { identityOf, matchNode } from './usb-identity.ts';
import type { UsbMode } from './v4l2-answers.ts';

const formatWords: Readonly<Record<string, string>> = { H264: 'H.264', MJPG: 'Motion JPEG', JPEG: 'Motion JPEG' };
const wantedByDefault = { width: 1280, height: 720, framesPerSecond: 15, format: 'auto' } as const;

/** The USB cameras that are plugged in. */
export function usbFinder(cameras: Pick<UsbCameras, 'list'>): Finder {
  return {
    find: async (signal) => {
      const present = await cameras.list(signal);
      return present.map((camera) => findingOf(camera, present));
    },
  };
}

function findingOf(camera: UsbCamera, present: readonly UsbCamera[]): Finding {
  const { device } = camera;
  const twins = present.filter((other) => other !== camera && other.label === camera.label);
  const notes =
    device.serial === undefined && camera.isUsb
      ? ['It has no serial number: it is known by the port that it is plugged into, so leave it there.']
      : [];
  return {
    id: `usb-${createHash('sha256').update(identityOf(device)).digest('hex').slice(0, 16)}`,
    kind: 'usb',
    name: camera.label.slice(0, 64),
    description: `${camera.isUsb ? 'USB camera' : 'Video device'}, ${whatItOffers(camera.modes)}${twins.length > 0 ? `, at port ${device.port}` : ''}`,
    source: { kind: 'usb', device, ...wantedByDefault },
    onvifUrl: null,
    hasPicture: true,
    notes,
    isSource: (source: CameraSource) => source.kind === 'usb' && matchNode(source.device, present) === camera,
  };
}

function whatItOffers(modes: readonly UsbMode[]): string {
  const [largest] = modes.toSorted((one, other) => other.width * other.height - one.width * one.height);
  const formats = [...new Set(modes.map(({ format }) => formatWords[format] ?? 'uncompressed'))];
  return `${formats.join(', ')} up to ${largest?.width ?? 0}×${largest?.height ?? 0}`;
}
