import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Failure } from '#device/kernel/failure.ts';
import { VideoNodesTree } from '#device/testing/video-nodes-tree.ts';
import { type UsbCamera, UsbCameras } from './usb-cameras.ts';
import { usbFinder } from './usb-finder.ts';

const { signal } = new AbortController();

function deviceOf(camera: UsbCamera | undefined) {
  if (!camera) throw new Error('not found');
  return camera.device;
}

const port1 = 'pci0000:00/0000:00:14.0/usb1/1-1';
const port2 = 'pci0000:00/0000:00:14.0/usb1/1-2';
const onHub = 'pci0000:00/0000:00:14.0/usb1/1-3/1-3.4';
const webcam = { idVendor: '046d', idProduct: '082d', product: 'HD Pro Webcam C920', manufacturer: 'Logitech' };

const capture =
  "\tDevice Caps      : 0x04200001\n\t[0]: 'MJPG' (Motion-JPEG, compressed)\n\t\tSize: Discrete 1280x720\n\t\t\tInterval: Discrete 0.033s (30.000 fps)\n";
const controls =
  '  exposure_auto 0x009a0901 (menu)   : min=0 max=3 default=3 value=1\n\t\t\t\t1: Manual Mode\n  gain 0x00980913 (int) : min=0 max=255 step=1 default=0 value=7\n';

let tree: VideoNodesTree;
let asked: string[];
let cameras: UsbCameras;

beforeEach(async () => {
  tree = await VideoNodesTree.create();
  asked = [];
  cameras = new UsbCameras({
    roots: tree.roots,
    ask: async (args) => {
      asked.push(args.slice(2).join(' '));
      return args.includes('--info') ? capture : controls;
    },
  });
});

afterEach(() => tree.remove());

describe('a USB camera', () => {
  test('is found with its name, its port and what it offers', async () => {
    await tree.plugIn('video0', onHub, { ...webcam, serial: 'A1B2' });
    const [found] = await usbFinder(cameras).find(signal);
    expect(found).toMatchObject({
      kind: 'usb',
      name: 'Logitech HD Pro Webcam C920',
      description: 'USB camera, Motion JPEG up to 1280×720',
      source: { kind: 'usb', device: { model: '046d:082d', serial: 'A1B2', port: '0000:00:14.0/3.4', node: 0 } },
      notes: [],
    });
  });

  test('with a serial number is the same in another port, under another name, and on a bus of another number', async () => {
    await tree.plugIn('video0', port1, { ...webcam, serial: 'A1B2' });
    const [added] = await cameras.list(signal);
    await tree.unplug('video0');
    await expect(cameras.find(deviceOf(added), signal)).rejects.toMatchObject({ kind: 'camera-unreachable' });
    await tree.plugIn('video7', 'pci0000:00/0000:00:14.0/usb3/3-2', { ...webcam, serial: 'A1B2' });
    expect(await cameras.find(deviceOf(added), signal)).toMatchObject({ path: `${tree.roots.dev}/video7` });
  });

  test('without one is told from its twin by the port, whichever came first', async () => {
    await tree.plugIn('video0', port1, webcam);
    await tree.plugIn('video2', port2, webcam);
    const [one, two] = await cameras.list(signal);
    await tree.unplug('video0');
    await tree.unplug('video2');
    await tree.plugIn('video0', 'pci0000:00/0000:00:14.0/usb2/2-2', webcam);
    expect(await cameras.find(deviceOf(two), signal)).toMatchObject({ path: `${tree.roots.dev}/video0` });
    await expect(cameras.find(deviceOf(one), signal)).rejects.toMatchObject({
      kind: 'camera-unreachable',
      action: expect.stringContaining('where it was'),
    });
  });

  test('that has the same serial number as another is told from it by the port too', async () => {
    await tree.plugIn('video0', port1, { ...webcam, serial: '200901010001' });
    await tree.plugIn('video2', port2, { ...webcam, serial: '200901010001' });
    const [one, two] = await cameras.list(signal);
    expect((await cameras.find(deviceOf(one), signal)).path).toBe(`${tree.roots.dev}/video0`);
    expect((await cameras.find(deviceOf(two), signal)).path).toBe(`${tree.roots.dev}/video2`);
    const found = await usbFinder(cameras).find(signal);
    expect(new Set(found.map(({ id }) => id)).size).toBe(2);
    expect(found.map(({ description }) => description)).toEqual([expect.stringContaining('/1'), expect.stringContaining('/2')]);
  });

  test('is none of what the board has for its own codecs and ribbon cables, which say whether it encodes', async () => {
    expect(await cameras.hasHardwareEncoder()).toBe(false);
    await tree.addPlatform('video10', 'bcm2835-codec', 'bcm2835-codec-decode');
    await tree.addPlatform('video11', 'bcm2835-codec', 'bcm2835-codec-encode');
    await tree.addPlatform('video14', 'unicam', 'unicam-image');
    await tree.addPlatform('video0', 'vivid.0', 'vivid-000-vid-cap');
    expect((await cameras.list(signal)).map(({ label }) => label)).toEqual(['vivid-000-vid-cap']);
    expect(await cameras.hasHardwareEncoder()).toBe(true);
  });

  test('may call itself anything', async () => {
    await tree.plugIn('video0', port1, { ...webcam, product: `Evil\u0000\u001b[31m ${'x'.repeat(500)}`, serial: ' ' });
    const [found] = await usbFinder(cameras).find(signal);
    expect(found?.name).toMatch(/^Logitech Evil \[31m x+$/);
    expect(found?.name.length).toBeLessThanOrEqual(64);
    expect(found?.notes).toEqual([expect.stringContaining('no serial number')]);
  });
});

describe('the controls of a camera', () => {
  const brokenBounds = [
    { id: 'gain', value: 256 },
    { id: 'exposure_auto', value: 2 },
  ];

  test('are set within their bounds, and asked anew', async () => {
    await tree.plugIn('video0', port1, webcam);
    const device = deviceOf((await cameras.list(signal))[0]);
    await cameras.setControl(device, { id: 'gain', value: 255 }, signal);
    expect(asked.slice(-3)).toEqual(['--list-ctrls-menus', '--set-ctrl gain=255', '--list-ctrls-menus']);
    for (const change of brokenBounds) {
      await expect(cameras.setControl(device, change, signal)).rejects.toMatchObject({ kind: 'invalid-input' });
    }
    await expect(cameras.setControl(device, { id: 'device', value: 1 }, signal)).rejects.toMatchObject({ kind: 'not-found' });
  });

  test('that were chosen are set when it is opened, automatics first; what it refuses is said and stops nothing', async () => {
    const sent: string[] = [];
    const refusing = new UsbCameras({
      roots: tree.roots,
      ask: async (args) => {
        sent.push(args.at(-1) ?? '');
        if (args.at(-1)?.startsWith('gain')) throw new Failure('camera-refused', 'no');
        return '';
      },
    });
    const notes = await refusing.applyControls('/dev/video0', { gain: 3, focus: 20, focus_auto: 0 }, signal);
    expect(sent).toEqual(['focus_auto=0', 'gain=3', 'focus=20']);
    expect(notes).toEqual(['The camera did not take its setting “gain”.']);
  });
});
