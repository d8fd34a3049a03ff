import type { UsbDevice } from '#device/contract/contract.ts';
import type { VideoNode } from './video-nodes.ts';

/**
 * Which of the nodes that are there is the camera that was added. A serial number wins over the port; the port decides between
 * cameras that have none, or (it happens) the same one.
 */
export function matchNode(wanted: UsbDevice, nodes: readonly VideoNode[]): VideoNode | null {
  const sameModel = nodes.filter(({ device }) => device.model === wanted.model && device.node === wanted.node);
  const atPort = sameModel.find(({ device }) => device.port === wanted.port && device.serial === wanted.serial) ?? null;
  if (wanted.serial === undefined) return atPort;
  const sameSerial = sameModel.filter(({ device }) => device.serial === wanted.serial);
  return sameSerial.length === 1 ? (sameSerial[0] ?? null) : atPort;
}

/** The same for as long as {@link matchNode} would answer the same one and it stays where it is. */
export function identityOf({ model, serial, port, node }: UsbDevice): string {
  return [model, serial ?? '', port, node].join('|');
}
