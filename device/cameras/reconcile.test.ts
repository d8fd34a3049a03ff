import { describe, expect, test } from 'vitest';
import { type CameraConfig, defaultMotionSettings, defaultRecordingSettings } from '#device/contract/contract.ts';
import { cameraConfig } from '#device/testing/camera-config.ts';
import { cameraSteps } from './reconcile.ts';

function camera(id: string, change: Partial<CameraConfig> = {}): CameraConfig {
  return cameraConfig(id, { source: { kind: 'file', url: `/videos/${id}.mp4`, loop: true }, ...change });
}

function stepNames(running: CameraConfig[], configured: CameraConfig[]): string[] {
  return cameraSteps(running, configured).map((step) => `${step.step} ${'camera' in step ? step.camera.id : step.cameraId}`);
}

describe('what must happen so that what runs is what is configured', () => {
  test('a new camera starts, a removed one stops, an unchanged one is left alone', () => {
    expect(stepNames([camera('front'), camera('yard')], [camera('front'), camera('gate')])).toEqual(['stop yard', 'start gate']);
  });

  test('another stream is opened anew', () => {
    const moved = camera('front', { source: { kind: 'file', url: '/videos/other.mp4', loop: true } });
    expect(stepNames([camera('front')], [moved])).toEqual(['reopen front']);
  });

  test('a name, a zone, a schedule or a longer pre-roll interrupts nothing', () => {
    const changed = camera('front', {
      name: 'Front door',
      recording: { ...defaultRecordingSettings, preRollMs: 20_000, schedule: [[], [], [], [], [], [], []] },
      motion: { ...defaultMotionSettings, sensitivity: 80 },
    });
    expect(stepNames([camera('front')], [changed])).toEqual(['apply front']);
  });

  test('switching a camera, its sound or its detection on or off opens it anew', () => {
    expect(stepNames([camera('front')], [camera('front', { enabled: false })])).toEqual(['reopen front']);
    const silent = camera('front', { recording: { ...defaultRecordingSettings, audio: false } });
    expect(stepNames([camera('front')], [silent])).toEqual(['reopen front']);
    const blind = camera('front', { motion: { ...defaultMotionSettings, enabled: false } });
    expect(stepNames([camera('front')], [blind])).toEqual(['reopen front']);
  });

  test('a control of a USB camera interrupts nothing, its size opens it anew', () => {
    const device = { model: '046d:082d', port: 'xhci/1', node: 0 };
    const source = { kind: 'usb', device, width: 1280, height: 720, framesPerSecond: 15, format: 'auto' } as const;
    const before = camera('desk', { source });
    expect(stepNames([before], [camera('desk', { source: { ...source, controls: { brightness: 9 } } })])).toEqual(['apply desk']);
    expect(stepNames([before], [camera('desk', { source: { ...source, width: 640 } })])).toEqual(['reopen desk']);
  });
});
