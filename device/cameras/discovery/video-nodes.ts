import { readdir, readFile, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { UsbDevice } from '#device/contract/contract.ts';

/** One `/dev/video*`, as the kernel describes it. */
export interface VideoNode {
  /** `/dev/video0` */
  path: string;
  /** What the device calls itself. */
  label: string;
  isUsb: boolean;
  device: UsbDevice;
}

export interface Roots {
  /** `/sys` */
  sys: string;
  /** `/dev` */
  dev: string;
}

export const systemRoots: Roots = { sys: '/sys', dev: '/dev' };

const mostNodes = 64;
const mostLabelLength = 64;
/** Nodes that the board itself has for its codecs, its picture processor and its ribbon cable: none of them is a camera that can be opened as one. */
const ofTheBoard = /^(bcm2835|unicam|rp1-cfe|pispbe|rpi-|rpivid|hevc|codec)/i;

/** Every video node there is, the board's own included. */
export async function readVideoNodes(roots: Roots): Promise<VideoNode[]> {
  const folder = join(roots.sys, 'class/video4linux');
  const names = (await readdir(folder).catch(() => [])).filter((name) => /^video\d{1,4}$/.test(name));
  const sorted = names.toSorted((one, other) => Number(one.slice(5)) - Number(other.slice(5))).slice(0, mostNodes);
  // A node may be unplugged while it is read: it is then not there.
  const nodes = await Promise.all(sorted.map((name) => readNode(roots, join(folder, name), name).catch(() => null)));
  return nodes.filter((node) => node !== null);
}

/** The nodes that may be cameras. What they deliver is asked of them later. */
export function cameraNodes(nodes: readonly VideoNode[]): VideoNode[] {
  return nodes.filter((node) => node.isUsb || !ofTheBoard.test(node.label));
}

/** The encoder in the board of a Raspberry Pi up to the 4; a Pi 5 has none. */
export function hasHardwareEncoder(nodes: readonly VideoNode[]): boolean {
  return nodes.some((node) => node.label === 'bcm2835-codec-encode');
}

async function readNode(roots: Roots, folder: string, name: string): Promise<VideoNode> {
  const sysName = (await readText(join(folder, 'name'))) ?? name;
  const node = Math.min(63, Number((await readText(join(folder, 'index'))) ?? 0) || 0);
  const path = join(roots.dev, name);
  const parent = await realpath(join(folder, 'device')).catch(() => null);
  const usb = parent === null ? null : await usbDeviceAbove(parent);
  if (usb !== null) {
    const [vendor, product, serial, maker, model] = await Promise.all(
      ['idVendor', 'idProduct', 'serial', 'manufacturer', 'product'].map((file) => readText(join(usb, file))),
    );
    const device = { model: `${vendor}:${product}`, ...(serial ? { serial } : {}), port: usbPort(usb), node };
    return { path, label: usbLabel(maker ?? null, model ?? null, sysName), isUsb: true, device };
  }
  // `bcm2835-codec-encode` and its like name themselves in `name`; so do vivid and loopback devices, with a number that may change.
  const driver = parent === null ? 'virtual' : basename(parent).replace(/\.\d+$/, '');
  const port = parent === null ? name : basename(parent);
  return { path, label: sysName, isUsb: false, device: { model: driver.slice(0, mostLabelLength) || 'video', port, node } };
}

/** Makers write their name into the model's too, or write nothing at all. */
function usbLabel(maker: string | null, model: string | null, sysName: string): string {
  if (model === null) return sysName;
  if (maker === null || model.toLowerCase().startsWith(maker.toLowerCase())) return model;
  return `${maker} ${model}`.slice(0, mostLabelLength);
}

/** The folder of the USB device that an interface's folder is in. */
async function usbDeviceAbove(folder: string): Promise<string | null> {
  let here = folder;
  for (let level = 0; level < 3; level += 1) {
    if ((await readText(join(here, 'idVendor'))) !== null) return here;
    here = dirname(here);
  }
  return null;
}

/**
 * `…/0000:00:14.0/usb1/1-1/1-1.2` is `0000:00:14.0/1.2`: the number of the bus is left out, since busses are numbered in the order
 * in which their controllers answered.
 */
function usbPort(folder: string): string {
  const controller = /([^/]+)\/usb\d+\//.exec(folder)?.[1] ?? '';
  return `${controller}/${basename(folder).replace(/^\d+-/, '')}`.slice(0, 200);
}

/** What a device says of itself is its own invention: one line, bounded, printable. */
async function readText(file: string): Promise<string | null> {
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) return null;
  const clean = text
    .replace(/[\p{Cc}\p{Cf}\uFFFD]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return clean === '' ? null : clean.slice(0, mostLabelLength);
}
